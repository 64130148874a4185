// F16, the apt part: what was signed by the right key once, and is served again in the place of what came after it.
import { cp, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { type AptRoot, runApt, updateLists, withAptRoot } from './apt-root.ts';
import { type AptWorld, readRelease, release, toSource, withAptWorld } from './apt-world.fixture.ts';
import { suitePath } from './tampering.fixture.ts';

const suiteFolder = (world: AptWorld): string => suitePath(world, '.');

/** The suite as it is served now, and how it comes back: a mirror or cache gives it a new time. */
const keepSuite = async (world: AptWorld): Promise<() => Promise<void>> => {
	const kept = join(world.context.tempDir, 'kept');
	await cp(suiteFolder(world), kept, { recursive: true });
	return async () => {
		await rm(suiteFolder(world), { recursive: true });
		await cp(kept, suiteFolder(world), { recursive: true });
		const later = Date.now() / 1000 + 60;
		for (const name of await readdir(suiteFolder(world)))
			await utimes(join(suiteFolder(world), name), later, later);
	};
};

const listVersions = async (root: AptRoot): Promise<readonly string[]> => {
	const { stdout } = await runApt(root, ['apt-cache', 'madison', 'greet:amd64']);
	return stdout.split('\n').flatMap((line) => line.split('|')[1]?.trim() ?? []);
};

/** greet 1.0.0-1 is released, then 1.1.0-1; `replay` serves the suite of the first again. */
const withTwo = (
	task: (
		world: AptWorld,
		given: {
			readonly subjects: Awaited<ReturnType<typeof release>>;
			readonly replay: () => Promise<void>;
		},
	) => Promise<void>,
): Promise<void> =>
	withAptWorld(async (world) => {
		await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
		const replay = await keepSuite(world);
		const subjects = await release(world, await world.publisher(), [toSampleDeb('greet', '1.1.0-1')]);
		await task(world, { subjects, replay });
	});

describeWith('apt-get', 'an older state of a suite that is served again', () => {
	test.each(['apt-get', 'built-in'] as const)('is no release that is seen, by %s', (client) =>
		withTwo(async (world, { subjects, replay }) => {
			const publisher = await world.publisher(client === 'built-in' ? { client } : {});
			await publisher.verify(subjects, 'exposed', world.context);
			await replay();
			await expect(publisher.verify(subjects, 'exposed', world.context)).rejects.toMatchObject({
				name: 'SlipwayError',
				message: expect.stringContaining('1.1.0-1'),
			});
		}),
	);

	test('does not bring a user back who has seen the newer one', () =>
		withTwo(async (world, { replay }) => {
			await withAptRoot(toSource(world), world.context, async (root) => {
				await updateLists(root);
				expect(await listVersions(root)).toContain('1.1.0-1');
				await replay();
				await updateLists(root);
				expect(await listVersions(root)).toContain('1.1.0-1');
			});
		}));

	test('is nothing that a release builds on', () =>
		withTwo(async (world, { replay }) => {
			await replay();
			const sample = toSampleDeb('greet', '1.2.0-1');
			world.debs.set(sample.artifact.digest.sha256, sample);
			const { findings } = await (await world.publisher()).preflight(
				{ operation: 'release', artifacts: [sample.artifact] },
				world.context,
			);
			expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toContain(
				'error APT_REPOSITORY_REPLAYED',
			);
			expect((await readRelease(world)).serial).toBe(1);
		}));
});
