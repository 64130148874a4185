// Gives one file to one reader, and says what came of it, what it computed and how much memory it had at most.
import { readFile } from 'node:fs/promises';
import { readAr, readCompressedTar, readTar, readZip, verifyArchiveFile } from '@slipway/archive';
import { toPrintable } from '@slipway/core';

const DEB = { maxEntries: 200_000, absoluteLinks: true };

/** As whoever uses them does: what is large is looked through where it lies, then read. */
const readChecked = async (path: string, limits = {}): Promise<Uint8Array> => {
	await verifyArchiveFile(path, limits);
	return readFile(path);
};

const toFolder = (path: string): [string, string] => {
	const at = path.lastIndexOf('/');
	return [path.slice(0, at), path.slice(at + 1)];
};

const READERS: Readonly<Record<string, (path: string) => unknown>> = {
	readTar: async (path) => readTar(await readChecked(path)),
	readAr: async (path) => readAr(await readChecked(path)),
	readZip: async (path) => readZip(await readChecked(path)),
	'readCompressedTar gzip': async (path) => readCompressedTar('gzip', await readChecked(path)),
	'readCompressedTar zstd': async (path) => readCompressedTar('zstd', await readChecked(path)),
	npmIdentity: async (path) => {
		const { npmIdentity } = await import('@slipway/npm');
		return npmIdentity('a.tgz', await readChecked(path));
	},
	readDeb: async (path) => {
		const { readDeb } = await import('@slipway/deb');
		return readDeb(await readChecked(path, DEB));
	},
	'gates, .deb': async (path) => {
		const { unxzLimited } = await import('@slipway/deb');
		const { readDeb } = await import('../../packages/gate/src/packed/read-deb.ts');
		const unxz = (bytes: Uint8Array, most: number) => unxzLimited(bytes, most, {});
		return readDeb(await readChecked(path, DEB), { what: 'a.deb', unxz });
	},
	collectOutputs: async (path) => {
		const { collectOutputs } = await import('../../packages/build/src/collect.ts');
		const [folder, name] = toFolder(path);
		return collectOutputs(folder, [name]);
	},
	visitDump: async (path) => {
		const { visitDump } = await import('../../packages/gate/src/osv/dump.ts');
		return visitDump(path, () => {});
	},
	compareArtifacts: async (path) => {
		const { compareArtifacts } = await import('../../packages/build/src/compare/compare-artifacts.ts');
		const bytes = await readFile(path);
		return compareArtifacts('a', bytes, Buffer.concat([bytes, Buffer.alloc(1)]));
	},
};

const [reader = '', path = ''] = process.argv.slice(2);
const before = process.cpuUsage();
const outcome = await (async () => {
	try {
		await READERS[reader]?.(path);
		return 'read';
	} catch (thrown) {
		const { code, message } = thrown as { code?: unknown; message?: unknown };
		return toPrintable(`${code}: ${message}`, 300);
	}
})();
const { user, system } = process.cpuUsage(before);
// Not maxRSS of getrusage, which begins with what the parent had when it forked.
const status = await readFile('/proc/self/status', 'utf8');
const rss = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
process.stdout.write(JSON.stringify({ outcome, ms: (user + system) / 1000, rss }));
