import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, isWhole } from '@slipway/testing';
import { makeDeb } from './make-deb.ts';
import {
	GREET,
	TALLY,
	toContext,
	toDefinition,
	withFolder,
	writeGreet,
	writeTally,
} from './sample-projects.fixture.ts';

const all = [
	{ ...GREET, name: 'greet-gz', compression: 'gzip' },
	{ ...GREET, name: 'greet-zst', compression: 'zstd' },
	{ ...GREET, name: 'greet-xz', compression: 'xz' },
	{ ...TALLY, compression: 'gzip' },
];
const packages = isWhole() ? all : all.slice(0, 2);

/** Makes all packages in a folder and looks at them with one call, which takes seconds however few they are. */
const inspect = (): Promise<{ readonly errors: readonly string[]; readonly seen: readonly string[] }> =>
	withFolder(async (folder) => {
		const projectFolder = join(folder, 'project');
		await mkdir(projectFolder);
		await writeTally(projectFolder);
		await writeGreet(projectFolder);
		const files: string[] = [];
		for (const definition of packages) {
			const request = {
				definition: toDefinition({ ...definition, license: 'Apache-2.0' }),
				projectFolder,
				version: '1.2.0',
				sourceDateEpoch: 1_700_000_000,
			};
			const { fileName, bytes } = await makeDeb(request, toContext(folder));
			await writeFile(join(folder, fileName), bytes);
			files.push(fileName);
		}
		const { stdout, status } = spawnSync('lintian', ['--tag-display-limit', '0', ...files], {
			cwd: folder,
			encoding: 'utf8',
		});
		expect([0, 2]).toContain(status);
		const lines = stdout.split('\n');
		return {
			errors: lines.filter((line) => line.startsWith('E:')),
			seen: lines.filter((line) => line.includes('no-manual-page')),
		};
	});

describeWith('lintian', 'lintian', () => {
	describeWith('cc', 'of a Node command and a compiled program', () => {
		// Debian's own archive takes no zstd members and its lintian says so of each; dpkg reads them since 1.21.18.
		test('has no error, but for what it always says of zstd', async () => {
			const { errors, seen } = await inspect();
			expect(seen).toHaveLength(packages.length);
			expect(errors).toEqual([
				expect.stringContaining('greet-zst: malformed-deb-archive third (official) member data.tar.zst'),
			]);
		});
	});

	test('calls the machine what dpkg calls it', async () => {
		const dpkg = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
		await withFolder(async (folder) => {
			await writeFile(join(folder, 'x'), 'x');
			const definition = toDefinition({
				...TALLY,
				license: 'Apache-2.0',
				files: [{ source: 'x', target: '/x' }],
			});
			const request = { definition, projectFolder: folder, version: '1.0.0', sourceDateEpoch: 0 };
			expect((await makeDeb(request, toContext(folder))).architecture).toBe(dpkg);
		});
	});
});
