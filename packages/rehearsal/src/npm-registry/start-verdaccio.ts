import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SlipwayError } from '@slipway/core';
import { spawnService } from '@slipway/process';
import type { NpmRegistryCode } from './code.ts';
import { toVerdaccioConfig, type VerdaccioSettings } from './verdaccio-config.ts';

/** A running registry on loopback. */
export interface Verdaccio {
	/** Without a final slash. */
	readonly origin: string;
	/** Of the one user, who may publish everything. Valid for a day. */
	readonly token: string;
	stop(): Promise<void>;
}

// By its name: in the published package other files than here stand around this code.
const CHILD = fileURLToPath(import.meta.resolve('@slipway/rehearsal/npm-registry/child'));

const readPort = (line: string): number | undefined =>
	/^\{"port":(\d+)\}$/.exec(line)?.slice(1).map(Number)[0];

const createUser = async (origin: string): Promise<string> => {
	const body = JSON.stringify({ name: 'slipway', password: randomBytes(16).toString('hex') });
	const reply = await fetch(`${origin}/-/user/org.couchdb.user:slipway`, {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body,
	});
	const { token } = (await reply.json()) as { readonly token?: string };
	if (reply.ok && token) return token;
	throw new SlipwayError<NpmRegistryCode>(
		'REHEARSAL_REGISTRY_FAILED',
		`expected the embedded registry to create its user, got status ${reply.status}`,
		{ hint: 'Give it an empty folder: a user of an earlier run cannot be used again.' },
	);
};

/**
 * Starts Verdaccio on a free loopback port, in a child process that ends with this one.
 * @param compileCache a folder in which Node keeps compiled code, so that later starts are faster
 * @throws SlipwayError REHEARSAL_REGISTRY_FAILED, PROCESS_*
 */
export const startVerdaccio = async (
	settings: VerdaccioSettings,
	compileCache?: string,
): Promise<Verdaccio> => {
	await mkdir(settings.folder, { recursive: true });
	// The last three: whose certificates to trust when the uplink is asked.
	const { PATH, SystemRoot, TEMP, TMPDIR, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, SSL_CERT_DIR } = process.env;
	const environment = { PATH, SystemRoot, TEMP, TMPDIR, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, SSL_CERT_DIR };
	const service = await spawnService([process.execPath, CHILD, JSON.stringify(toVerdaccioConfig(settings))], {
		cwd: settings.folder,
		environment: {
			...environment,
			HOME: settings.folder,
			NODE_ENV: 'production',
			NODE_COMPILE_CACHE: compileCache,
		},
		ready: readPort,
	});
	try {
		const origin = `http://127.0.0.1:${service.value}`;
		return { origin, token: await createUser(origin), stop: () => service.stop() };
	} catch (error) {
		await service.stop();
		throw error;
	}
};
