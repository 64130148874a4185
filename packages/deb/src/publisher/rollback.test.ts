import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readPackages, readRelease, release, UNDO, withAptWorld } from './apt-world.fixture.ts';

describe('retention and rollback', () => {
	test('keep drops the oldest, and a rollback brings exactly the previous set back', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' }, { keep: 2 });
			await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const before = await readPackages(world, 'amd64');
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.2.0-1')]);
			const index = await readPackages(world, 'amd64');
			expect(index.match(/^Version: .*$/gm)).toEqual(['Version: 1.1.0-1', 'Version: 1.2.0-1']);
			expect((await readRelease(world)).removed).toEqual(['pool/main/g/greet/greet_1.0.0-1_all.deb']);
			const { date } = await readRelease(world);

			await publisher.withdraw(subjects, 'exposed', { ...world.change, ...UNDO });
			const after = await readPackages(world, 'amd64');
			const toStanzas = (text: string): string[] => text.split('\n\n').toSorted();
			expect(toStanzas(after)).toEqual(toStanzas(before));
			expect((await readRelease(world)).date).toBeGreaterThan(date);
			await publisher.verify(subjects, 'withdrawn', world.context);
		}));

	test('a rollback towards bytes that are gone or changed is refused', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const rollback = async (): Promise<string[]> => {
				const { findings } = await publisher.preflight({ operation: 'rollback', subjects }, world.context);
				return findings.map(({ severity, code }) => `${severity} ${code}`);
			};
			expect(await rollback()).toEqual([]);
			const path = join(world.folder, 'pool/main/g/greet/greet_1.0.0-1_all.deb');
			await writeFile(path, 'other');
			expect(await rollback()).toEqual(['error APT_BYTES_CHANGED']);
			await rm(path);
			expect(await rollback()).toEqual(['error APT_BYTES_MISSING']);
		}));

	test('restore after a rollback, and status at any time', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const subjects = await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const status = async () =>
				(await publisher.preflight({ operation: 'status', subjects }, world.context)).subjects[0]?.current;
			expect(await status()).toBe(subjects[0]?.pointer.next);
			await publisher.withdraw(subjects, 'exposed', { ...world.change, ...UNDO });
			expect(await status()).toBe(subjects[0]?.pointer.previous);
			expect((await publisher.preflight({ operation: 'restore', subjects }, world.context)).findings).toEqual(
				[],
			);
			expect(await publisher.expose(subjects, world.change)).toMatchObject([{ outcome: 'exposed' }]);
			await publisher.verify(subjects, 'exposed', world.context);
		}));

	test('without a record, the subjects of a release are made from the repository', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			for (const version of ['1.0.0-1', '1.1.0-1', '1.2.0-3'])
				await release(world, publisher, [toSampleDeb('greet', version), toSampleDeb('stranger', version)]);
			const recover = (version: string, to: string) =>
				publisher.preflight({ operation: 'recover', version, to }, world.context);
			const { findings, subjects } = await recover('1.2.0', '1.1.0');
			expect(findings).toEqual([]);
			expect(subjects.map(({ subject }) => `${subject.id} ${subject.version}`)).toEqual([
				'pkg:deb/greet 1.2.0-3',
			]);
			const recovered = subjects.map(({ subject }) => subject);
			expect(recovered[0]?.artifacts).toMatchObject([{ name: 'greet_1.2.0-3_all.deb' }]);
			await publisher.withdraw(recovered, 'exposed', { ...world.change, ...UNDO });
			await publisher.verify(recovered, 'withdrawn', world.context);
			const index = await readPackages(world, 'amd64');
			expect(index.match(/greet_\S+(?=_)/g)).toEqual(['greet_1.0.0-1', 'greet_1.1.0-1']);
			expect((await recover('1.2.0', '1.1.0')).findings).toMatchObject([{ code: 'APT_PACKAGE_UNKNOWN' }]);
			expect((await recover('1.1.0', '1.0.0')).findings).toEqual([]);
		}));

	test('without a record, a recovery takes nothing out but its own release, and only downwards', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			for (const version of ['1.0.0-1', '1.1.0-1', '1.2.0-1', '1.2.0-2'])
				await release(world, publisher, [toSampleDeb('greet', version)]);
			const recover = async (version: string, to: string) => {
				const request = { operation: 'recover', version, to } as const;
				const { findings, subjects } = await publisher.preflight(request, world.context);
				return {
					findings: findings.map(({ severity, code }) => `${severity} ${code}`),
					previous: subjects.map(({ subject }) => subject.pointer.previous?.match(/\d\S+-\d+(?= )/g)),
				};
			};
			const refused = (code: string) => ({ findings: [`error ${code}`], previous: [] });
			expect(await recover('1.1.0', '1.0.0')).toEqual(refused('APT_POINTER_MOVED'));
			expect(await recover('1.2.0', '1.0.0')).toEqual(refused('APT_VERSION_LOWER'));
			expect(await recover('1.2.0', '1.2.0')).toEqual(refused('APT_VERSION_LOWER'));
			expect(await recover('1.1.0', '1.2.0')).toEqual(refused('APT_VERSION_LOWER'));
			expect(await recover('1.2.0', '0.9.0')).toEqual(refused('APT_PACKAGE_UNKNOWN'));
			expect(await recover('1.2.0', '1.1.0')).toEqual({
				findings: [],
				previous: [['1.0.0-1', '1.1.0-1']],
			});
		}));
});
