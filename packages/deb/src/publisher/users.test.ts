import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeWith } from '@slipway/testing';
import { makeDeb } from '../package/make-deb.ts';
import { unpackDeb } from '../package/unpack-deb.ts';
import { mergeKeys } from '../repository/merge-keys.ts';
import { toSha256 } from '../repository/packages-index.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../repository/signing-key.ts';
import { runApt, updateLists, withAptRoot } from './apt-root.ts';
import {
	type AptWorld,
	readPackages,
	readRelease,
	release,
	toSource,
	withAptWorld,
} from './apt-world.fixture.ts';
import { toInstallInstructions, toKeyringPackage } from './keyring-package.ts';
import { toSourcesText } from './sources-text.ts';

const makeKey = async (): Promise<SigningKey> =>
	readSigningKey((await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 })).privateKey);

const put = async ({ folder }: AptWorld, path: string, content: string | Uint8Array): Promise<void> => {
	await mkdir(dirname(join(folder, path)), { recursive: true });
	await writeFile(join(folder, path), content);
};

/** A repository as another tool writes it: MD5 too, no by-hash, one index compressed, its own fields and pool. */
const putForeign = async (world: AptWorld): Promise<string> => {
	const key = await readSigningKey(world.key.privateKey);
	const sum = toSampleDeb('sum', '3.0-1');
	const toStanza = (name: string, extra: string): string =>
		`Package: ${name}\nVersion: 3.0-1\nArchitecture: all\n${extra}Filename: pool/s/sum.deb\nSize: ${sum.bytes.length}\nMD5sum: ${createHash('md5').update(sum.bytes).digest('hex')}\nSHA256: ${toSha256(sum.bytes)}\nDescription: sum\n Package: greet\n`;
	const index = `${toStanza('sum', 'Phased-Update-Percentage: 50\n')}\n${toStanza('add', '')}`;
	const files = {
		Packages: Buffer.from(index),
		'Packages.gz': gzipSync(index),
		Release: Buffer.from('Archive: stable\n'),
	};
	const lines = Object.entries(files).map(
		([name, bytes]) => ` ${toSha256(bytes)} ${bytes.length} main/binary-amd64/${name}`,
	);
	for (const [name, bytes] of Object.entries(files))
		await put(world, `dists/stable/main/binary-amd64/${name}`, bytes);
	const stale = ` ${'1'.repeat(64)} 77 main/binary-amd64/Packages.xz`;
	const text = `Origin: Example\nLabel: Example\nSuite: stable\nCodename: bookworm\nVersion: 12\nDate: Sat, 01 Nov 2025 00:00:00 UTC\nArchitectures: amd64\nComponents: main\nMD5Sum:\n ${'0'.repeat(32)} 1 main/x\nSHA256:\n${[...lines, stale].join('\n')}\n`;
	await put(world, 'dists/stable/InRelease', await key.clearSign(text, Date.now()));
	await put(world, 'pool/s/sum.deb', sum.bytes);
	return index;
};

describeWith('apt-get', 'what users see', () => {
	test('a repository of another tool is taken over: its stanzas, fields and files stay as they are', () =>
		withAptWorld(async (world) => {
			const index = await putForeign(world);
			const publisher = await world.publisher({}, { architectures: ['amd64'] });
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.0-1')]);
			const text = await readPackages(world, 'amd64');
			expect(text.startsWith(`${index}\nPackage: greet\n`)).toBe(true);
			const { codename, others, files, serial } = await readRelease(world);
			expect({ codename, others, serial }).toEqual({
				codename: 'bookworm',
				others: [['Version', '12']],
				serial: 1,
			});
			expect([...files.keys()]).toEqual([
				'main/binary-amd64/Packages',
				'main/binary-amd64/Packages.gz',
				'main/binary-amd64/Release',
			]);
			await publisher.verify(subjects, 'exposed', world.context);
			await withAptRoot(toSource(world), world.context, async (root) => {
				await updateLists(root);
				expect((await runApt(root, ['apt-get', 'download', 'sum:amd64'])).code).toBe(0);
			});
			await publisher.withdraw(subjects, 'exposed', { ...world.change, reason: 'test' });
			expect((await readPackages(world, 'amd64')).trimEnd()).toBe(index.trimEnd());
		}));

	test('while keys change, clients with either or both keys read the repository', () =>
		withAptWorld(async (world) => {
			const next = await makeKey();
			await release(world, await world.publisher(), [toSampleDeb('greet', '1.0-1')]);
			const both = await mergeKeys([next.publicKey, world.key.publicKey]);
			const look = (key: string) => withAptRoot({ ...toSource(world), key }, world.context, updateLists);
			await look(both);
			const publisher = await world.publisher({ signingKey: next, trustedKeys: [world.key.publicKey] });
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.1-1')]);
			await look(both);
			await look(next.publicKey);
			await publisher.verify(subjects, 'exposed', world.context);
			await expect(look(world.key.publicKey)).rejects.toMatchObject({
				message: expect.stringContaining('NO_PUBKEY'),
			});
		}));

	test('the keyring package carries key and source', () =>
		withAptWorld(async (world) => {
			const { context } = world;
			const { definition, files } = toKeyringPackage({
				...toSource(world),
				name: 'example',
				architectures: undefined,
				maintainer: 'Ada Lovelace <ada@example.org>',
				copyright: '2026 Ada Lovelace',
				license: 'CC0-1.0',
			});
			const projectFolder = join(context.tempDir, 'keyring');
			await mkdir(projectFolder);
			for (const [path, content] of files) await writeFile(join(projectFolder, path), content);
			const request = { definition, projectFolder, version: '2026.11.21', sourceDateEpoch: 1_750_000_000 };
			const { bytes, name } = await makeDeb(request, context);
			expect(name).toBe('example-archive-keyring');
			const installed = join(context.tempDir, 'installed');
			await mkdir(installed);
			await unpackDeb(bytes, installed);
			const key = await readFile(join(installed, 'usr/share/keyrings/example-archive-keyring.asc'), 'utf8');
			expect(key.trim()).toBe(world.key.publicKey.trim());
			const sources = await readFile(join(installed, 'etc/apt/sources.list.d/example.sources'), 'utf8');
			expect(sources).toBe(
				`Types: deb\nURIs: ${world.url}\nSuites: stable\nComponents: main\nSigned-By: /usr/share/keyrings/example-archive-keyring.asc\n`,
			);
			// As on a user's machine, but for where the key lies.
			await release(world, await world.publisher(), [toSampleDeb('greet', '1.0-1')]);
			await withAptRoot(toSource(world), context, async (root) => {
				const text = sources.replace('/usr/share', join(installed, 'usr/share'));
				await writeFile(join(root.folder, 'etc/apt/sources.list.d/slipway.sources'), text);
				await updateLists(root);
				expect((await runApt(root, ['apt-cache', 'policy', 'greet'])).stdout).toContain('Candidate: 1.0-1');
			});
		}));

	test('old code under a higher version is what an upgrade takes', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.2.0+really1.0.0-1')]);
			await publisher.verify(subjects, 'exposed', world.context);
		}));

	test('on a machine without apt the built-in reader verifies, and says so', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.0-1')]);
			const [verification] = await publisher.verify(subjects, 'exposed', world.context);
			expect(verification?.client).toMatch(/built-in reader/);
		}));
});

test('instructions name the source and what can be installed', () => {
	const text = toInstallInstructions({ name: 'example', url: 'https://example.org/apt/' }, ['greet']);
	expect(text).toContain('/etc/apt/sources.list.d/example.sources https://example.org/apt/example.sources');
	expect(text).toContain('apt-get install greet');
	expect(toSourcesText({ url: 'u', suite: 's', component: 'c', key: '' }, '/k.asc')).toContain(
		'Signed-By: /k.asc',
	);
});
