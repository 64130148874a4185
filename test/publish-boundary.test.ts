// The machine that publishes takes nothing on trust: a signed Release in which one thing was changed on its way from the
// signing job is refused before anything is sent. The registry, the signatures and the operations are the real ones.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@slipway/process';
import {
	type NpmFront,
	startNpmFront,
	startVerdaccio,
	type Verdaccio,
} from '@slipway/rehearsal/npm-registry';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { COMPILE_CACHE, testContext, VirtualClock } from '@slipway/testing';
import { publishType } from 'slipway/join';

const MAIN = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));

let folder: string;
let project: string;
let release: string;
let verdaccio: Verdaccio;
let front: NpmFront;
let sigstore: LocalSigstore;

const slipway = async (...args: readonly string[]): Promise<void> => {
	const environment = {
		PATH: process.env.PATH,
		HOME: folder,
		TOKEN: sigstore.token(),
		SOURCE_DATE_EPOCH: '1700000000',
		NODE_COMPILE_CACHE: COMPILE_CACHE,
	};
	const argv = [MAIN, '--project', project, '--release', release, ...args];
	const { code, stderr } = await run([process.execPath, ...argv], { cwd: project, environment });
	if (code !== 0) throw new Error(`slipway ${args.join(' ')}: ${stderr}`);
};

const toConfig = (): string => `project: demo
targets:
  npm: { type: npm, mode: direct, registry: '${front.origin}/' }
sign:
  services: ../services.json
  trusted-root: ../root.json
  identity: { environment: TOKEN }
`;

const toPolicy = (identity: string): string => `policy: 1
signers:
  - { name: release workflow, issuer: '${sigstore.issuer}', identity: '${identity}' }
require:
  attestations: [provenance, sbom-cyclonedx, sbom-spdx]
  stages: [build, sbom, sign, gate]
`;

const toIdentity = (): string => {
	const [, claims = ''] = sigstore.token().split('.');
	const { job_workflow_ref: ref } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
		readonly job_workflow_ref: string;
	};
	return `https://github.com/${ref}`;
};

const makeRelease = async (): Promise<void> => {
	await mkdir(project, { recursive: true });
	await writeFile(join(folder, 'services.json'), JSON.stringify(sigstore.signingConfig));
	await writeFile(join(folder, 'root.json'), JSON.stringify(sigstore.trustedRoot));
	await writeFile(
		join(project, 'package.json'),
		'{"name":"demo","version":"1.0.0","license":"MIT","repository":"github:example/greet"}',
	);
	await writeFile(join(project, 'index.js'), 'export const one = 1;\n');
	await writeFile(join(project, 'slipway.yml'), toConfig());
	await writeFile(join(project, 'slipway.policy.yml'), toPolicy(toIdentity()));
	for (const stage of ['build', 'sbom', 'sign', 'gate', 'sign']) await slipway(stage);
};

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'boundary-'));
	project = join(folder, 'project');
	release = join(folder, 'release');
	verdaccio = await startVerdaccio(
		{ folder: join(folder, 'verdaccio'), neverProxy: ['demo'] },
		COMPILE_CACHE,
	);
	front = await startNpmFront({ upstream: verdaccio });
	sigstore = await startSigstore();
	await makeRelease();
});

afterAll(async () => {
	await Promise.all([front.stop(), verdaccio.stop(), sigstore.stop()]);
	await rm(folder, { recursive: true, force: true });
});

const publish = async (changed: string, journal: string) => {
	const config = join(project, `${journal}.yml`);
	await writeFile(config, `${toConfig()}journal: { directory: ../journals/${journal} }\n`);
	const environment = {
		PATH: process.env.PATH,
		HOME: folder,
		TOKEN: sigstore.token(),
		[`npm_config_//${new URL(front.origin).host}/:_authToken`]: verdaccio.token,
	};
	const door = { folder: project, configFile: config, releaseFolder: changed, environment };
	const options = {
		run: { key: journal, actor: 'tester' },
		context: testContext(folder, new VirtualClock(Date.now())),
	};
	return publishType(door, 'npm', options);
};

const editText = async (path: string, from: string, to: string): Promise<void> => {
	const text = await readFile(path, 'utf8');
	if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
	await writeFile(path, text.replace(from, to));
};

interface Change {
	readonly name: string;
	readonly apply: (release: string) => Promise<void>;
	/** What the refusal has to name. */
	readonly names: RegExp;
}

const remove =
	(path: string) =>
	(changed: string): Promise<void> =>
		rm(join(changed, path));

const findRecord = async (changed: string, stage: string): Promise<string> => {
	const found = (await readdir(join(changed, 'records'))).find((name) => name.startsWith(`${stage}-`));
	if (!found) throw new Error(`no record of ${stage}`);
	return join(changed, 'records', found);
};

const toSha256 = async (path: string): Promise<string> =>
	createHash('sha256')
		.update(await readFile(path))
		.digest('hex');

/** Records that agree with one another, and no signature that says otherwise: nobody here may sign them anew. */
const forgeSigning = async (changed: string): Promise<void> => {
	const [signing, gate] = [await findRecord(changed, 'sign'), await findRecord(changed, 'gate')];
	const before = await toSha256(signing);
	await editText(signing, '"notes":[', '"notes":["looked at by nobody",');
	await editText(gate, before, await toSha256(signing));
	for (const record of [signing, gate])
		await rm(join(changed, 'attestations', `stage-${basename(record).replace('.json', '.sigstore.json')}`));
};

const CHANGES: readonly Change[] = [
	{
		name: 'a record of signing that says something else, with all that follows it',
		apply: forgeSigning,
		names: /records\/sign-/,
	},
	{
		name: 'an SBOM that says another licence',
		apply: (changed) => editText(join(changed, 'sbom/demo-1.0.0.tgz.cdx.json'), 'MIT', 'ISC'),
		names: /sbom\/demo-1\.0\.0\.tgz\.cdx\.json/,
	},
	{
		name: 'no provenance',
		apply: remove('attestations/provenance.sigstore.json'),
		names: /provenance/,
	},
	{
		name: 'no provenance for npm',
		apply: remove('attestations/npm-demo-1.0.0.tgz.sigstore.json'),
		names: /npm-demo-1\.0\.0\.tgz/,
	},
	{
		name: 'a record of the build that says another tool',
		apply: async (changed) => editText(await findRecord(changed, 'build'), '"slipway"', '"slipwey"'),
		names: /records\/build-/,
	},
	{
		name: 'no record of the gate',
		apply: async (changed) => rm(await findRecord(changed, 'gate')),
		names: /gate/,
	},
	{
		name: 'checksums of something else',
		apply: (changed) => editText(join(changed, 'SHA256SUMS'), '  artifacts/', '  artefacts/'),
		names: /SHA256SUMS/,
	},
	{
		name: 'a gate report that was made better',
		apply: (changed) => editText(join(changed, 'gate/report.json'), '"overall":"', '"overall":"not '),
		names: /gate\/report\.json/,
	},
];

const countWrites = (): number =>
	front.log.filter(({ method }) => method !== 'GET' && method !== 'HEAD').length;

test.each(CHANGES)('$name: nothing is sent', async ({ name, apply, names }) => {
	const changed = join(folder, 'changed');
	await rm(changed, { recursive: true, force: true });
	await cp(release, changed, { recursive: true });
	await apply(changed);
	const before = countWrites();
	const report = await publish(changed, name.replaceAll(/[^a-z]/g, '-'));
	expect(report.state).toBe('HELD');
	expect(report.reason).toMatch(names);
	expect(report.reason).toMatch(/VERIFY_/);
	expect(countWrites()).toBe(before);
});

test('an artifact that was changed is refused before anything else', async () => {
	const changed = join(folder, 'changed');
	await rm(changed, { recursive: true, force: true });
	await cp(release, changed, { recursive: true });
	const path = join(changed, 'artifacts/demo-1.0.0.tgz');
	const bytes = await readFile(path);
	bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
	await writeFile(path, bytes);
	await expect(publish(changed, 'artifact')).rejects.toMatchObject({ code: 'RELEASE_ARTIFACT_CHANGED' });
});

test('a Release that its gates refused is not planned', async () => {
	const changed = join(folder, 'changed');
	await rm(changed, { recursive: true, force: true });
	await cp(release, changed, { recursive: true });
	await editText(join(changed, 'gate/report.json'), '"verdict":"warn"', '"verdict":"fail"');
	await expect(publish(changed, 'refused')).rejects.toMatchObject({ code: 'GATE_REFUSED' });
});

test('untouched it is published, with the plan and the summary signed', async () => {
	const report = await publish(release, 'whole');
	expect(report).toMatchObject({ state: 'COMPLETED', reason: 'every target shows this release' });
	const names = await readdir(join(release, 'attestations'));
	expect(names).toContain('vsa.sigstore.json');
	for (const stage of ['plan', 'publish'])
		expect(names.some((name) => name.startsWith(`stage-${stage}-`))).toBe(true);
	expect(countWrites()).toBeGreaterThan(0);
	const root = join(folder, 'root.json');
	await slipway('verify', release, '--policy', join(project, 'slipway.policy.yml'), '--trusted-root', root);
});
