import { describeWith } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readPackages, readRelease, readText, release, UNDO, withAptWorld } from './apt-world.fixture.ts';

describeWith('apt-get', 'what is published, read by apt', () => {
	test('several packages and architectures are one index update; "all" is in every index', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const { serial } = await readRelease(world);
			const subjects = await release(world, publisher, [
				toSampleDeb('greet', '1.1.0-1'),
				toSampleDeb('tally', '2:1.0-1', { architecture: 'amd64' }),
				toSampleDeb('tally', '2:1.0-1', { architecture: 'arm64' }),
				toSampleDeb('libsum', '1.0-1', { architecture: 'arm64' }),
			]);
			expect((await readRelease(world)).serial).toBe(serial + 1);
			const [amd64, arm64] = await Promise.all(['amd64', 'arm64'].map((name) => readPackages(world, name)));
			expect(amd64?.match(/^Package: .*$/gm)).toEqual(['Package: greet', 'Package: greet', 'Package: tally']);
			expect(arm64?.match(/^Package: .*$/gm)).toEqual([
				'Package: greet',
				'Package: greet',
				'Package: tally',
				'Package: libsum',
			]);
			expect(arm64).toContain('Filename: pool/main/libs/libsum/libsum_1.0-1_arm64.deb');
			expect((await readRelease(world)).architectures).toEqual(['amd64', 'arm64']);
			const verified = await publisher.verify(subjects, 'exposed', world.context);
			expect(verified.flatMap(({ checks }) => checks.map((check) => check.split(' by default')[0]))).toEqual([
				'greet on amd64: 1.1.0-1',
				'tally on amd64: 2:1.0-1',
				'tally on arm64: 2:1.0-1',
				'libsum on arm64: 1.0-1',
			]);
		}));

	test('an epoch is in the version, not in the file name', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			const subjects = await release(world, publisher, [toSampleDeb('tally', '2:1.0+b1-1')]);
			await publisher.verify(subjects, 'exposed', world.context);
			expect(await readText(world, 'pool/main/t/tally/tally_1.0+b1-1_all.deb')).toBeTruthy();
		}));

	test('pre-releases and lines have suites of their own, components their own indexes', () =>
		withAptWorld(async (world) => {
			const stable = await world.publisher({}, { 'prerelease-suite': 'testing' });
			const extra = await world.publisher({}, { component: 'extra' });
			const final = await release(world, stable, [toSampleDeb('greet', '1.0.0-1')]);
			const candidate = await release(world, stable, [toSampleDeb('greet', '1.1.0~rc.1-1')]);
			const line = await release(world, stable, [toSampleDeb('greet', '0.9.1-1')], 'oldstable');
			const other = await release(world, extra, [toSampleDeb('tally', '1.0-1')]);
			expect(candidate[0]?.pointer.name).toBe('testing/main');
			expect(line[0]?.pointer.name).toBe('oldstable/main');
			await stable.verify([...final, ...candidate, ...line], 'exposed', world.context);
			await extra.verify(other, 'exposed', world.context);
			expect((await readRelease(world)).components).toEqual(['main', 'extra']);
			expect((await readRelease(world, 'testing')).suite).toBe('testing');
			await extra.withdraw(other, 'exposed', { ...world.change, ...UNDO });
			await extra.verify(other, 'withdrawn', world.context);
			await stable.verify(final, 'exposed', world.context);
		}));

	test('a first release that is taken back: apt no longer knows the package', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			expect(subjects[0]?.pointer.previous).toBeNull();
			const [withdrawal] = await publisher.withdraw(subjects, 'exposed', { ...world.change, ...UNDO });
			expect(withdrawal).toMatchObject({ outcome: 'withdrawn', current: null });
			expect(withdrawal?.remains.join(' ')).toContain('supersedes');
			expect((await publisher.verify(subjects, 'withdrawn', world.context))[0]?.checks).toEqual([
				'greet on amd64: no longer offered',
			]);
		}));

	test('an architecture that is new to the repository begins with what is for all', () =>
		withAptWorld(async (world) => {
			await release(world, await world.publisher(), [
				toSampleDeb('greet', '1.0.0-1'),
				toSampleDeb('tally', '1', { architecture: 'amd64' }),
			]);
			const publisher = await world.publisher({}, { architectures: ['riscv64', 'amd64', 'arm64'] });
			const subjects = await release(world, publisher, [toSampleDeb('sum', '1.0-1')]);
			await publisher.verify(subjects, 'exposed', world.context);
			const index = await readPackages(world, 'riscv64');
			expect(index.match(/^Package: .*$/gm)).toEqual(['Package: greet', 'Package: sum']);
		}));
});
