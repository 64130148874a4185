import { join } from 'node:path';

export interface VerdaccioSettings {
	/** Where packages, users and the signing secret lie; made when absent. */
	readonly folder: string;
	/** Registry that dependencies are fetched from; without it only what is published here exists. */
	readonly uplink?: string | undefined;
	/** Names being released: the uplink's versions of them would collide with ours. */
	readonly neverProxy: readonly string[];
}

const ACCESS = { access: '$all', publish: '$authenticated', unpublish: '$authenticated' } as const;

/** Verdaccio's configuration (https://verdaccio.org/docs/configuration): no web page, no audit, JSON web tokens for a day. */
export const toVerdaccioConfig = ({ folder, uplink, neverProxy }: VerdaccioSettings) => ({
	configPath: join(folder, 'config.yaml'),
	self_path: join(folder, 'config.yaml'),
	storage: join(folder, 'storage'),
	auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: 1, algorithm: 'sha1' } },
	uplinks: uplink === undefined ? {} : { main: { url: uplink, timeout: '30s', maxage: '10m', max_fails: 5 } },
	packages: {
		...Object.fromEntries(neverProxy.map((name) => [name, ACCESS])),
		'**': uplink === undefined ? ACCESS : { ...ACCESS, proxy: 'main' },
	},
	security: { api: { jwt: { sign: { expiresIn: '1d' } } } },
	web: { enable: false },
	// Longer than any rehearsal: a connection that is closed while it is used again looks like a fault.
	server: { keepAliveTimeout: 3600 },
	max_body_size: '500mb',
	log: { type: 'stdout', format: 'json', level: 'warn' },
});
