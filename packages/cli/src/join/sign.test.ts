import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Release } from '@slipway/archive';
import { serveLoopback } from '@slipway/http';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { testContext } from '@slipway/testing';
import { buildProject } from './build.ts';
import { type OpenProject, openProject } from './project.ts';
import { signProject, signStageRecords, signStatements } from './sign.ts';

const CLOCK = { now: () => Date.now(), sleep: async () => {} };
const PASSPHRASE = 'a passphrase';
let sigstore: LocalSigstore;
let root: string;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());
beforeEach(async () => {
	sigstore.faults.clear();
	root = await mkdtemp(join(tmpdir(), 'sign-join-'));
	await writeFile(join(root, 'package.json'), '{"name":"greet","version":"1.0.0","license":"MIT"}');
	await writeFile(join(root, 'index.js'), 'export {};');
	await writeFile(join(root, 'services.json'), JSON.stringify(sigstore.signingConfig));
	await writeFile(join(root, 'root.json'), JSON.stringify(sigstore.trustedRoot));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const toContext = () => testContext(root, CLOCK);
const toJob = () => ({
	...process.env,
	ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.tokenRequest.url,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.tokenRequest.token,
});

const open = async (sign: string, environment: OpenProject['door']['environment'] = toJob()) => {
	await writeFile(join(root, 'slipway.yml'), `${sign}\ntargets:\n  npm:\n    type: npm\n`);
	const secrets: string[] = [];
	const onSecret = (secret: string) => void secrets.push(secret);
	const project = await openProject({ folder: root, environment, onSecret });
	const release: Release = await buildProject(project, toContext());
	return { project, release, secrets };
};
const KEYLESS = 'sign:\n  services: services.json\n  trusted-root: root.json';

test('keyless by the OIDC service of the job, each bundle verified under the trusted root', async () => {
	const { project, release, secrets } = await open(KEYLESS);
	const signing = await signProject(project, release, toContext());
	expect(signing?.signed.map(({ kind }) => kind)).toEqual([
		'provenance',
		'provenance',
		'stage',
		'release',
		'stage',
	]);
	expect(new Set(signing?.signed.map(({ signer }) => signer))).toEqual(
		new Set(['https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0']),
	);
	expect(secrets.length).toBeGreaterThanOrEqual(1);
	expect((await signProject(project, release, toContext()))?.signed).toEqual([]);
	expect((await signStageRecords(project, release, toContext()))?.signed).toEqual([]);
});

test.each([
	['rekor', 'wrong-promise'],
	['ca', 'other-authority'],
	['tsa', 'other-authority'],
] as const)('%s: %s is refused under the trusted root, and nothing is left', async (service, lie) => {
	const { project, release } = await open(KEYLESS);
	sigstore.faults.inject({ service, fault: { kind: 'lie', lie }, times: Number.POSITIVE_INFINITY });
	await expect(signProject(project, release, toContext())).rejects.toMatchObject({
		code: 'SIGN_BUNDLE_REFUSED',
	});
	expect(await readdir(release.folder)).not.toContain('attestations');
});

test('bundles that lie there already, by an authority of another make and in the same name, are signed anew', async () => {
	const other = await startSigstore();
	try {
		await writeFile(join(root, 'other.json'), JSON.stringify(other.signingConfig));
		const { project, release } = await open('sign:\n  services: other.json', {
			...process.env,
			SIGSTORE_ID_TOKEN: other.token(),
		});
		expect((await signProject(project, release, toContext()))?.signed).toHaveLength(5);
		expect((await signProject(project, release, toContext()))?.kept).toHaveLength(5);
		await writeFile(join(root, 'slipway.yml'), `${KEYLESS}\ntargets:\n  npm:\n    type: npm\n`);
		const trusting = await openProject({ folder: root, environment: toJob() });
		expect(await signProject(trusting, release, toContext())).toMatchObject({ kept: [] });
		expect((await signProject(trusting, release, toContext()))?.signed).toEqual([]);
	} finally {
		await other.stop();
	}
});

test.each([
	['P-256, encrypted, from a variable', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, true],
	['Ed25519, from a file', generateKeyPairSync('ed25519').privateKey, false],
])("a key of one's own: %s", async (_, key, encrypted) => {
	const options = {
		type: 'pkcs8',
		format: 'pem',
		...(encrypted && { cipher: 'aes-256-cbc', passphrase: PASSPHRASE }),
	};
	const pem = key.export(options as { type: 'pkcs8'; format: 'pem' }).toString();
	await writeFile(join(root, 'key.pem'), pem);
	const place = encrypted ? 'environment: MY_KEY\n    passphrase: MY_PASSPHRASE' : 'file: key.pem';
	const environment = { ...process.env, MY_KEY: pem, MY_PASSPHRASE: PASSPHRASE };
	const { project, release } = await open(`${KEYLESS}\n  key:\n    ${place}`, environment);
	const signing = await signProject(project, release, toContext());
	expect(signing?.signed.map(({ path }) => path)).not.toContain(
		'attestations/npm-greet-1.0.0.tgz.sigstore.json',
	);
	expect(signing?.signed.map(({ kind }) => kind)).toEqual(['provenance', 'stage', 'release', 'stage']);
	const bundle = await readFile(join(release.folder, 'attestations/provenance.sigstore.json'), 'utf8');
	const payload = Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString();
	expect(payload).toContain('"builder":{"id":"urn:slipway:builder:local"}');
});

test('identity from a variable and from a file', async () => {
	const variable = `${KEYLESS}\n  identity:\n    environment: MY_TOKEN`;
	const { project, release } = await open(variable, { ...process.env, MY_TOKEN: sigstore.token() });
	expect((await signProject(project, release, toContext()))?.signed).toHaveLength(5);
	await writeFile(join(root, 'token'), sigstore.token());
	const file = await open(`${KEYLESS}\n  identity:\n    file: token`, process.env);
	expect((await signProject(file.project, file.release, toContext()))?.signed).toHaveLength(5);
});

test('a statement of another stage gets a bundle by its name', async () => {
	const { project, release } = await open(KEYLESS);
	const statement = {
		_type: 'https://in-toto.io/Statement/v1',
		subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }],
		predicateType: 'https://slsa.dev/verification_summary/v1',
		predicate: {},
	} as const;
	const signing = await signStatements(project, { release, statements: { vsa: statement } }, toContext());
	expect(signing?.signed).toMatchObject([{ path: 'attestations/vsa.sigstore.json', kind: 'vsa' }]);
});

test("bundles go to GitHub's attestations API too, where it is asked for", async () => {
	const bodies: string[] = [];
	const github = await serveLoopback(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		bodies.push(`${request.method} ${request.url} ${body}`);
		response.writeHead(201).end('{"id":1}');
	});
	const environment = {
		...toJob(),
		GITHUB_API_URL: github.origin,
		GITHUB_REPOSITORY: 'example/greet',
		GITHUB_TOKEN: 't',
	};
	const { project, release } = await open(`${KEYLESS}\n  github-attestations: true`, environment);
	await signProject(project, release, toContext());
	await github.close();
	expect(bodies).toHaveLength(5);
	expect(bodies[0]).toMatch(/^POST \/repos\/example\/greet\/attestations \{"bundle":\{"mediaType":/);
});

test('provenance: none and registry leave the npm statement out', async () => {
	for (const provenance of ['none', 'registry']) {
		const { project, release } = await open(`${KEYLESS}\n  provenance: ${provenance}`);
		const signing = await signProject(project, release, toContext());
		expect(signing?.signed.map(({ path }) => path)).not.toContain(
			'attestations/npm-greet-1.0.0.tgz.sigstore.json',
		);
	}
});

test('without `sign:` nothing is signed, and it says so', async () => {
	const { project, release } = await open('build: {}');
	const context = toContext();
	expect(await signProject(project, release, context)).toBeUndefined();
	expect(context.lines.join()).toContain('not signed');
});

test.each([
	['sign:\n  services: gone.json', 'PROJECT_UNREADABLE'],
	['sign:\n  services: package.json', 'SIGN_SERVICES_INVALID'],
	['sign:\n  services: services.json\n  trusted-root: gone.json', 'PROJECT_UNREADABLE'],
	['sign:\n  services: services.json\n  key:\n    environment: NO_KEY', 'SIGNING_KEY_MISSING'],
	['sign:\n  services: services.json\n  key:\n    file: package.json', 'SIGN_KEY_INVALID'],
	['sign:\n  services: services.json\n  identity:\n    environment: NO_TOKEN', 'SIGN_IDENTITY_MISSING'],
	['sign:\n  services: services.json\n  github-attestations: true', 'SIGN_UPLOAD_REFUSED'],
])('%j is refused with %s', async (sign, code) => {
	const { project, release } = await open(sign, { ...toJob(), GITHUB_TOKEN: undefined });
	await expect(signProject(project, release, toContext())).rejects.toMatchObject({ code });
});
