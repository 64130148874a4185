import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { FAULT_NAMES } from './faults/catalog.ts';
import {
	EXAMPLES,
	readTree,
	toContext,
	toOfflineEnvironment,
	writeSmallProject,
} from './rehearse.fixture.ts';
import { type RehearsalOptions, rehearse } from './rehearse.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-rehearse-'));
const small = writeSmallProject(join(folder, 'small'));

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

let count = 0;

const run = async (options: Omit<RehearsalOptions, 'out' | 'environment'>) => {
	count += 1;
	const out = join(folder, `out-${count}`);
	const result = await rehearse({ ...options, out, environment: toOfflineEnvironment() }, toContext(folder));
	return { out, result };
};

describeWith('apt-get', 'greet and tally', () => {
	test('are released, verified, rolled back and restored, and nothing else is touched', async () => {
		const before = readTree(EXAMPLES);
		const steps: string[] = [];
		const { out, result } = await run({
			projects: [join(EXAMPLES, 'greet'), join(EXAMPLES, 'tally')],
			onStep: ({ project, name, state }) => steps.push(`${project}: ${name} ${state}`),
		});
		expect(result.failures).toEqual([]);
		expect(result).toMatchObject({ outcome: 'passed', seconds: expect.any(Number) });
		const good = { consumerVerified: true, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) };
		const toPointers = (old: string, now: string) => ({
			version: now,
			pointerBefore: old,
			pointerAfterRelease: now,
			pointerAfterRollback: old,
			pointerAfterRestore: now,
		});
		expect(result.targets).toEqual([
			expect.objectContaining({
				...good,
				...toPointers('0.9.0', '1.0.0'),
				id: 'npm',
				subject: 'pkg:npm/greet',
			}),
			expect.objectContaining({
				...good,
				...toPointers('0.9.0-1', '1.0.0-1'),
				id: 'apt',
				subject: 'pkg:deb/greet',
			}),
			expect.objectContaining({
				...good,
				...toPointers('0.9.0', '1.0.0'),
				id: 'github',
				subject: 'pkg:github/octo-org/greet',
				pointer: 'latest release',
			}),
			expect.objectContaining({
				...good,
				...toPointers('2.0.0-1', '2.1.0-1'),
				id: 'apt',
				subject: 'pkg:deb/tally',
			}),
		]);
		expect(result.chains.map(({ project }) => project)).toEqual(['greet', 'tally']);
		for (const { stages, artifacts } of result.chains) {
			expect(stages.map(({ name }) => name)).toEqual([
				'build',
				'test',
				'reproduce',
				'sbom',
				'sign',
				'gate',
				'plan',
				'publish',
			]);
			expect(stages.filter(({ signature }) => signature === null)).toEqual([]);
			expect(artifacts.filter(({ attestations }) => !attestations.includes('provenance'))).toEqual([]);
		}
		const tried = Map.groupBy(result.tampering, ({ project }) => project);
		expect([...tried.values()].map((list) => list.length >= 45)).toEqual([true, true]);
		expect(result.tampering.filter(({ code }) => !/^(VERIFY|RELEASE)_/.test(code))).toEqual([]);
		expect(steps).toEqual(expect.arrayContaining(['null: start services done', 'tally: rollback done']));
		expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(
			JSON.parse(JSON.stringify(result)),
		);
		expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('Rehearsal passed');
		expect(readTree(EXAMPLES)).toEqual(before);
	}, 900_000);
});

describe('a project with only package.json, offline', () => {
	test.each(FAULT_NAMES)(
		'ends well in spite of the fault %s',
		async (fault) => {
			const { result } = await run({ projects: [small], fault });
			expect(result.failures).toEqual([]);
			expect(result.outcome).toBe('passed');
			expect(result.projects).toMatchObject([
				{ name: 'small', previous: { version: '2.2.0', origin: 'built' } },
			]);
			const events = result.fault?.events.map(({ text }) => text) ?? [];
			expect(events).toContain('slipway release, run again: COMPLETED');
			expect(events).toContain('the registry took @acme/small exactly once');
		},
		900_000,
	);

	test.each(['torn-upload', 'slow-scan'])(
		'ends well at GitHub alone, in spite of the fault %s',
		async (fault) => {
			const project = writeSmallProject(join(folder, 'at-github'));
			const config = 'npm: {}\ntargets: { github: { type: github, repository: acme/small } }\n';
			writeFileSync(join(project, 'slipway.yml'), config);
			const { result } = await run({ projects: [project], fault });
			expect(result.failures).toEqual([]);
			expect(result.targets).toMatchObject([
				{ subject: 'pkg:github/acme/small', pointerAfterRelease: '2.3.0', pointerAfterRollback: '2.2.0' },
			]);
			expect(result.fault?.events.at(-1)?.text).toBe('slipway release, run again: COMPLETED');
		},
		900_000,
	);

	test('may not write into a folder with other files, nor take an unknown fault', async () => {
		const project = { projects: [small], environment: toOfflineEnvironment() };
		const attempt = (options: Partial<RehearsalOptions>) =>
			rehearse({ ...project, ...options }, toContext(folder));
		await expect(attempt({ out: small })).rejects.toMatchObject({ code: 'REHEARSAL_FOLDER_FOREIGN' });
		await expect(attempt({ fault: 'flood' })).rejects.toMatchObject({ code: 'REHEARSAL_FAULT_UNKNOWN' });
		expect(existsSync(join(small, 'package.json'))).toBe(true);
	});
});

test('a project that does not build fails with its reason, and the page says it', async () => {
	const broken = join(folder, 'broken');
	mkdirSync(broken);
	writeFileSync(join(broken, 'package.json'), JSON.stringify({ name: 'broken', version: '1.0.0' }));
	writeFileSync(join(broken, 'slipway.yml'), 'build: { commands: [[node, -e, "process.exit(3)"]] }\n');
	const { out, result } = await run({ projects: [broken] });
	expect(result).toMatchObject({
		outcome: 'failed',
		failures: [{ project: 'broken', step: 'build', code: 'BUILD_COMMAND_FAILED' }],
	});
	expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('BUILD_COMMAND_FAILED');
});

test('projects of one name, and of the names of our own folders, do not meet', async () => {
	const names = ['a', 'a', 'a-2', 'apt', 'services'];
	const projects = names.map((name, index) => {
		const project = join(folder, 'same', String(index));
		mkdirSync(project, { recursive: true });
		writeFileSync(join(project, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
		writeFileSync(join(project, 'slipway.yml'), 'build: { commands: [[node, -e, "process.exit(3)"]] }\n');
		return project;
	});
	const { out, result } = await run({ projects });
	expect(result.failures.map(({ code }) => code)).toEqual(names.map(() => 'BUILD_COMMAND_FAILED'));
	expect(readdirSync(join(out, 'projects')).sort()).toEqual(['1-a', '2-a', '3-a-2', '4-apt', '5-services']);
});

test('a name that climbs is refused before anything is written', async () => {
	const project = join(folder, 'climber');
	mkdirSync(project);
	writeFileSync(join(project, 'package.json'), JSON.stringify({ name: '../../../x', version: '1.0.0' }));
	const before = readdirSync(folder);
	await expect(run({ projects: [project] })).rejects.toMatchObject({ code: 'REHEARSAL_PROJECT_INVALID' });
	expect(readdirSync(folder)).toEqual(before);
});
