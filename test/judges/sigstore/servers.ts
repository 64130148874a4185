import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthorityFiles } from './authority.ts';
import { toFulcioConfig } from './fulcio-config.ts';
import type { KeyPair } from './keys.ts';
import { findFreePorts, HOST, startServer, waitForServer } from './server.ts';

/** A server that runs, and where it answers. */
export interface Running {
	readonly url: string;
	stop(): Promise<void>;
}

/** The CT log, and the Trillian that a Rekor v1 can keep its entries in. */
export interface MemoryLog extends Running {
	readonly trillian: { readonly host: string; readonly port: string; readonly treeId: string };
}

/** A folder, and how the programs in the judges' cache are found. */
export interface Stand {
	readonly folder: string;
	toProgram(name: string): string;
}

const anyLine = (): true => true;

const readMemoryLog = (line: string): { ct: string; trillian: string; rekorTreeId: string } | undefined =>
	line.startsWith('{"ct":') ? JSON.parse(line) : undefined;

export const startMemoryLog = async (
	{ folder, toProgram }: Stand,
	key: KeyPair,
	{ root }: AuthorityFiles,
): Promise<MemoryLog> => {
	const argv = [toProgram('memlog'), `-key=${key.file}`, `-roots=${root}`] as const;
	const service = await startServer(argv, { folder, name: 'memlog' }, readMemoryLog);
	const { ct, trillian, rekorTreeId } = service.value;
	const [host = '', port = ''] = trillian.split(':');
	return { url: ct, trillian: { host, port, treeId: rekorTreeId }, stop: service.stop };
};

export const startTimestampAuthority = async ({ folder, toProgram }: Stand): Promise<Running> => {
	const [port = 0] = await findFreePorts(1);
	const url = `http://${HOST}:${port}`;
	const service = await startServer([toProgram('tsa'), `-port=${port}`], { folder, name: 'tsa' }, anyLine);
	await waitForServer('tsa', `${url}/ping`);
	return { url, stop: service.stop };
};

export interface FulcioParts {
	readonly issuer: string;
	readonly ctLog: string;
	readonly authority: AuthorityFiles;
}

export const startFulcio = async ({ folder, toProgram }: Stand, parts: FulcioParts): Promise<Running> => {
	const [http = 0, grpc = 0, metrics = 0] = await findFreePorts(3);
	const config = join(folder, 'fulcio.yaml');
	writeFileSync(config, toFulcioConfig(parts.issuer));
	const url = `http://${HOST}:${http}`;
	const service = await startServer(
		[
			toProgram('fulcio'),
			'serve',
			`--host=${HOST}`,
			`--port=${http}`,
			`--grpc-host=${HOST}`,
			`--grpc-port=${grpc}`,
			`--metrics-port=${metrics}`,
			`--config-path=${config}`,
			`--legacy-unix-domain-socket=@fulcio-${http}`,
			`--ct-log-url=${parts.ctLog}`,
			'--log_type=prod',
			'--ca=fileca',
			`--fileca-cert=${parts.authority.chain}`,
			`--fileca-key=${parts.authority.key}`,
			'--fileca-key-passwd=',
			'--fileca-watch=false',
		],
		{ folder, name: 'fulcio' },
		anyLine,
	);
	await waitForServer('fulcio', `${url}/healthz`);
	return { url, stop: service.stop };
};

/** All endpoints but searchIndex, the one that needs a database. */
const REKOR_ENDPOINTS = [
	'getLogInfo',
	'getPublicKey',
	'getLogProof',
	'createLogEntry',
	'getLogEntryByIndex',
	'getLogEntryByUUID',
	'searchLogQuery',
];

export const startRekorServer = async (
	{ folder, toProgram }: Stand,
	key: KeyPair,
	{ trillian }: MemoryLog,
): Promise<Running> => {
	const [port = 0] = await findFreePorts(1);
	const url = `http://${HOST}:${port}`;
	const service = await startServer(
		[
			toProgram('rekor-server'),
			'serve',
			`--rekor_server.address=${HOST}`,
			`--port=${port}`,
			`--rekor_server.hostname=${HOST}`,
			`--rekor_server.signer=${key.file}`,
			`--trillian_log_server.address=${trillian.host}`,
			`--trillian_log_server.port=${trillian.port}`,
			`--trillian_log_server.tlog_id=${trillian.treeId}`,
			'--log_type=prod',
			`--enabled_api_endpoints=${REKOR_ENDPOINTS.join(',')}`,
		],
		{ folder, name: 'rekor-server' },
		anyLine,
	);
	await waitForServer('rekor-server', `${url}/ping`);
	return { url, stop: service.stop };
};
