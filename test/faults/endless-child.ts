// Asks one server one thing, and says what came of it, how long it took and how much memory at most.
import { SlipwayError } from '@slipway/core';
import { createHttpClient } from '@slipway/http';
import { npmPublisher, toNpmCredentials } from '@slipway/npm';

const [verb = '', origin = ''] = process.argv.slice(2);
const TIMEOUT_MS = 8000;
/** As the bytes came: nothing was unpacked. */
const SMALL = 2 ** 20;

const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: Date.now, sleep: async () => {} },
	tempDir: '/nowhere',
	signal: new AbortController().signal,
};

const read = async (): Promise<string> => {
	const reply = await createHttpClient({ origin }).send({ method: 'GET', path: '/', timeoutMs: TIMEOUT_MS });
	if (reply.kind === 'lost') return 'lost';
	return reply.body.length < SMALL ? 'small' : `${reply.body.length} bytes`;
};

const probe = async (): Promise<string> => {
	const publisher = npmPublisher({
		id: 'npm',
		target: { mode: 'auto', access: 'public' },
		registry: origin,
		credentials: toNpmCredentials({ registry: origin, authorization: 'Bearer x' }),
		readArtifact: async () => new Uint8Array(),
		timeoutMs: TIMEOUT_MS,
	});
	const artifact = {
		name: 'greet-1.0.0.tgz',
		path: 'artifacts/greet-1.0.0.tgz',
		mediaType: 'application/vnd.npm.package+gzip',
		size: 1,
		digest: { sha256: 'a'.repeat(64) },
		purl: 'pkg:npm/greet@1.0.0',
	};
	try {
		return (await publisher.probe(artifact, context)).state;
	} catch (thrown) {
		return thrown instanceof SlipwayError ? 'unknown' : String(thrown);
	}
};

const started = performance.now();
const outcome = await (verb === 'read' ? read() : probe());
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ outcome, ms, rss: process.resourceUsage().maxRSS * 1024 }));
process.exit();
