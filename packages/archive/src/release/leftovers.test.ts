import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeLeftovers } from './leftovers.ts';

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'leftovers-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = async (path: string): Promise<void> => {
	await mkdir(dirname(join(root, path)), { recursive: true });
	await writeFile(join(root, path), 'half');
};

const listFiles = async (): Promise<string[]> => {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
		.sort();
};

const LEFT = [
	`1.0.0/records/build-linux-x64.json.${randomUUID()}.tmp`,
	`1.0.0/sbom/a.tgz.cdx.json.${randomUUID()}.tmp`,
	`1.0.0/gate/report.json.${randomUUID()}.tmp`,
	`1.0.0/.SHA256SUMS.${randomUUID()}`,
	`.1.0.0-${randomUUID()}/manifest.json`,
	`.1.0.0-${randomUUID()}.old/manifest.json`,
	`.1.0.0-sign-${randomUUID()}/provenance.sigstore.json`,
];

/** Of other Releases, of people, and everything that was put in its place. */
const KEPT = [
	'1.0.0/manifest.json',
	'1.0.0/.hidden',
	'1.0.0/records/build-linux-x64.json',
	'1.0.0/records/notes.tmp',
	`1.0.0/artifacts/a.${randomUUID()}.tmp`,
	'.1.0.0-notes/x',
	`.1.0.0-rc.1-${randomUUID()}/manifest.json`,
	`.1.0.01-${randomUUID()}/manifest.json`,
	`1.0.1/records/build-linux-x64.json.${randomUUID()}.tmp`,
];

test('what killed runs left goes, everything else stays', async () => {
	for (const path of [...LEFT, ...KEPT]) await write(path);
	await removeLeftovers(join(root, '1.0.0'));
	expect(await listFiles()).toEqual([...KEPT].sort());
});

test('a folder that is not there has none', async () => {
	await removeLeftovers(join(root, 'none', '1.0.0'));
	expect(await listFiles()).toEqual([]);
});
