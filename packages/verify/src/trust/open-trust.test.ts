import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { verifyBundle } from '../index.ts';
import { makeBundle, toBytes } from '../sigstore-bundle.fixture.ts';
import { clock, toPolicy, toProvenance, toSigner } from '../verify-bundle.fixture.ts';
import { openTrust } from './open-trust.ts';
import { serveTuf, type TufRepository } from './tuf-repository.fixture.ts';

const DAY = 86_400_000;
let folder: string;
let sigstore: LocalSigstore;
let root: Uint8Array;
beforeAll(async () => {
	sigstore = await startSigstore();
	root = toBytes(sigstore.trustedRoot);
	folder = await mkdtemp(join(tmpdir(), 'trust-'));
});
afterAll(async () => {
	await sigstore.stop();
	await rm(folder, { recursive: true });
});

test('a file says what it is, and how old at most', async () => {
	const now = Date.now() + 30 * DAY;
	const { source, age } = await openTrust({
		trustedRoot: root,
		from: 'root.json',
		clock: { now: () => now },
	});
	expect(source).toEqual({
		kind: 'file',
		from: 'root.json',
		sha256: createHash('sha256').update(root).digest('hex'),
	});
	expect(age.days).toBeGreaterThanOrEqual(30);
	expect(age.asOf).toBeInstanceOf(Date);
});

test('the copy of the public instance that this version carries', async () => {
	const { source, age, authorities } = await openTrust({ pinned: true, clock });
	expect(source.kind).toBe('pinned');
	expect(age.days).toBeGreaterThan(0);
	expect(authorities.tlogs.length).toBeGreaterThan(1);
});

describe('through TUF', () => {
	const open = async (repository: TufRepository, name: string) => {
		const rootPath = join(folder, `${name}.root.json`);
		await writeFile(rootPath, repository.root);
		const online = { mirror: repository.url, rootPath, cacheDir: join(folder, name), timeoutMs: 2000 };
		return openTrust({ online, clock });
	};

	test('fetched, verified with, and taken from the cache the next time', async () => {
		const repository = await serveTuf({ target: root });
		try {
			const trust = await open(repository, 'good');
			expect(trust.source).toMatchObject({ kind: 'tuf', from: repository.url });
			expect(trust.age.days).toBe(0);
			const bundle = toBytes(await makeBundle(sigstore, { payload: toProvenance() }));
			expect(verifyBundle(bundle, { trust, policy: toPolicy([toSigner(sigstore)]), clock }).kind).toBe(
				'provenance',
			);
			const isTarget = (path: string): boolean => path.startsWith('/targets/');
			await open(repository, 'good');
			expect(repository.asked.filter(isTarget)).toHaveLength(1);
		} finally {
			await repository.close();
		}
	});

	test.each([
		['a target that is not the signed one', { served: Buffer.from('{}') }],
		['metadata that has expired', { expires: new Date(Date.now() - DAY) }],
	])('%s', async (name, options) => {
		const repository = await serveTuf({ target: root, ...options });
		try {
			await expect(open(repository, createHash('sha256').update(name).digest('hex'))).rejects.toMatchObject({
				code: 'VERIFY_TRUST_UNAVAILABLE',
				hint: expect.stringContaining('--trusted-root'),
			});
		} finally {
			await repository.close();
		}
	});

	test('signed by strangers', async () => {
		const [repository, other] = [await serveTuf({ target: root }), await serveTuf({ target: root })];
		try {
			await expect(open({ ...repository, root: other.root }, 'stranger')).rejects.toMatchObject({
				code: 'VERIFY_TRUST_UNAVAILABLE',
			});
		} finally {
			await Promise.all([repository.close(), other.close()]);
		}
	});

	test('a target that is no trusted root', async () => {
		const repository = await serveTuf({ target: Buffer.from('{}') });
		try {
			await expect(open(repository, 'none')).rejects.toMatchObject({ code: 'VERIFY_TRUST_INVALID' });
		} finally {
			await repository.close();
		}
	});

	test('nobody there', async () => {
		const repository = await serveTuf({ target: root });
		await repository.close();
		await expect(open(repository, 'down')).rejects.toMatchObject({ code: 'VERIFY_TRUST_UNAVAILABLE' });
	});
});
