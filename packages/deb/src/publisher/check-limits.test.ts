import type { StoreLimits } from '@slipway/store';
import { toBlocks } from '../repository/gzip-blocks.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { release, withAptWorld } from './apt-world.fixture.ts';
import { checkFileSizes, checkSiteSize } from './check-limits.ts';

const MIB = 1024 ** 2;
const limits: StoreLimits = {
	host: 'GitHub',
	fileBytes: 100 * MIB,
	advisedFileBytes: 50 * MIB,
	writeBytes: 2048 * MIB,
	siteBytes: 1024 * MIB,
	document: 'https://docs.example/limits',
};

test.each([
	[50 * MIB, []],
	[50 * MIB + 1, ['warning']],
	[100 * MIB, ['warning']],
	[100 * MIB + 1, ['error']],
])('a file of %d bytes: %j', (size, severities) => {
	const findings = checkFileSizes([{ name: 'a.deb', size }], limits);
	expect(findings.map(({ severity }) => severity)).toEqual(severities);
	for (const { code, hint } of findings) {
		expect(code).toBe('STORE_TOO_LARGE');
		expect(hint).toContain(limits.document);
	}
});

const toIndexes = (sizes: readonly number[]) => {
	const stanzas = sizes.map(
		(size, index) =>
			`Package: p${index}\nVersion: 1\nArchitecture: all\nFilename: pool/p${index}.deb\nSize: ${size}\n\n`,
	);
	const blocks = toBlocks(Buffer.from(stanzas.join('')));
	return ['amd64', 'arm64'].map((architecture) => ({
		architecture,
		folder: `main/binary-${architecture}`,
		blocks,
		hasGzip: true,
		isListed: true,
	}));
};

test.each([
	['each package counts once', [400 * MIB, 400 * MIB], 0, 0],
	['what is to come counts too', [400 * MIB, 400 * MIB], 20 * MIB, 1],
	['nothing', [], 0, 0],
])('a site: %s', (_name, sizes, coming, expected) => {
	const findings = checkSiteSize(toIndexes(sizes), [{ size: coming }], limits);
	expect(findings).toHaveLength(expected);
	for (const finding of findings)
		expect(finding).toMatchObject({ severity: 'warning', code: 'STORE_TOO_LARGE' });
});

test('preflight says what the host of the store refuses, and what fills its site', () =>
	withAptWorld(async (world) => {
		await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
		const small = { ...limits, fileBytes: 100, advisedFileBytes: 50, siteBytes: 1_000 };
		const store = { ...world.store, limits: async () => small };
		const publisher = await world.publisher({ store });
		const deb = toSampleDeb('tally', '1.0.0-1');
		const { findings } = await publisher.preflight(
			{ operation: 'release', artifacts: [deb.artifact] },
			world.context,
		);
		expect(findings.filter(({ code }) => code === 'STORE_TOO_LARGE').map(({ severity }) => severity)).toEqual(
			['error', 'warning'],
		);
	}));
