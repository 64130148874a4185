import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { isWhole } from '@slipway/testing';
import { initProject, parseLibrary } from '../init/index.ts';
import { toDoctorText } from '../output/doctor-text.ts';
import { type Diagnosis, diagnose } from './doctor.ts';

let root: string;
let github: LocalGitHub;
let registry: LoopbackServer;
let apt: LoopbackServer;
let services: LoopbackServer;
let context: Context;
let environment: Record<string, string | undefined>;
/** What the registry of packages thinks of whoever asks. */
let npm: { exchange: number; published: boolean; skewMs: number };

const answerNpm = ({ method, url }: IncomingMessage, response: ServerResponse): void => {
	if (method === 'POST' && url?.startsWith('/-/npm/v1/oidc/token/exchange/package/')) {
		response.writeHead(npm.exchange, { 'content-type': 'application/json' });
		response.end(
			npm.exchange < 300 ? '{"token":"npm_exchanged"}' : '{"message":"OIDC token exchange error"}',
		);
		return;
	}
	response.writeHead(npm.published ? 200 : 404, { 'content-type': 'application/json' });
	response.end('{}');
};

const answerServices = ({ url }: IncomingMessage, response: ServerResponse): void => {
	const claims = Buffer.from(
		'{"repository":"acme/greet","workflow_ref":"acme/greet/.github/workflows/release.yml@x"}',
	);
	const isToken = url?.startsWith('/token') ?? false;
	response.writeHead(isToken ? 200 : 404, { date: new Date(Date.now() - npm.skewMs).toUTCString() });
	response.end(isToken ? `{"value":"e30.${claims.toString('base64url')}.sig"}` : '{}');
};

const toServices = (origin: string): object => ({
	mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
	caUrls: [
		{ url: `${origin}/ca`, majorApiVersion: 1, validFor: { start: '2020-01-01T00:00:00Z' }, operator: 'us' },
	],
	oidcUrls: [],
	rekorTlogUrls: [],
	tsaUrls: [],
});

const writeProject = async (packageJson: object = {}): Promise<void> => {
	const config = {
		sign: { services: 'services.json' },
		policy: 'policy.yml',
		targets: {
			npm: { type: 'npm', registry: `${registry.origin}/` },
			github: { type: 'github', api: github.origin, repository: 'acme/greet' },
			apt: {
				type: 'apt',
				store: { branch: 'apt' },
				url: apt.origin,
				origin: 'Example',
				'signing-key': { environment: 'APT_SIGNING_KEY' },
			},
		},
	};
	const files = {
		'package.json': {
			name: 'greet',
			version: '1.2.0',
			repository: 'github:acme/greet',
			license: 'MIT',
			...packageJson,
		},
		'services.json': toServices(services.origin),
	};
	for (const [name, content] of Object.entries(files))
		await writeFile(join(root, name), JSON.stringify(content));
	await initProject({
		folder: root,
		environment,
		targets: { npm: true, github: true },
		library: parseLibrary(`acme/slipway@${'1'.repeat(40)}#v1.0.0`),
		approval: 'release-approval',
		force: [],
		keep: [],
		dryRun: false,
		yes: true,
	});
	await writeFile(join(root, 'slipway.yml'), JSON.stringify({ ...config, policy: undefined }));
};

/** As a careful owner sets a repository. */
const protect = (): void => {
	const repository = github.repository();
	const policies = [{ id: 1, name: 'v*', type: 'tag' as const }];
	repository.addEnvironment({ name: 'npm', branchPolicy: 'custom', policies });
	repository.addEnvironment({ name: 'release-approval', reviewers: [{ type: 'User', login: 'ada' }] });
	const rules = ['deletion', 'update', 'non_fast_forward'].map((type) => ({ type }));
	repository.addRuleset({ target: 'tag', include: ['refs/tags/v*'], rules });
	repository.protectBranch('main');
	Object.assign(repository.state.settings, {
		immutableReleases: true,
		defaultPermissions: 'read',
		pages: { branch: 'apt', path: '/', type: 'legacy' },
	});
};

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'doctor-'));
	const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args]);
	git('init', '--quiet');
	git('remote', 'add', 'origin', 'https://git.example/acme/greet.git');
	npm = { exchange: 201, published: false, skewMs: 0 };
	await mkdir(join(root, 'served'));
	github = await startGitHubApi();
	registry = await serveLoopback(answerNpm);
	services = await serveLoopback(answerServices);
	apt = await serveLoopback(toFolderHandler(join(root, 'served')));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	const key = await generateSigningKey({ name: 'Example', email: 'apt@example.org', days: 400 });
	environment = {
		PATH: process.env.PATH,
		HOME: root,
		GITHUB_TOKEN: github.token,
		APT_SIGNING_KEY: key.privateKey,
		ACTIONS_ID_TOKEN_REQUEST_URL: `${services.origin}/token?v=1`,
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'right',
	};
});
afterEach(async () => {
	await Promise.all([github.stop(), registry.close(), services.close(), apt.close()]);
	await rm(root, { recursive: true, force: true });
});

const look = (): Promise<Diagnosis> => diagnose({ folder: root, environment }, context);
const toCodes = ({ observations }: Diagnosis): string[] => [
	...new Set(observations.flatMap(({ code, verdict }) => (code === null ? [] : [`${verdict} ${code}`]))),
];

test('a well-kept project: nothing to do, all of it looked at, within 3 s', async () => {
	await writeProject();
	protect();
	const started = performance.now();
	const diagnosis = await look();
	const ms = performance.now() - started;
	process.stdout.write(`doctor: ${Math.round(ms)} ms\n`);
	expect(toCodes(diagnosis).filter((code) => !code.endsWith('POLICY_ABSENT'))).toEqual([]);
	expect(diagnosis.observations.map(({ about }) => about)).toEqual(
		expect.arrayContaining([
			'workflows',
			'repository acme/greet',
			'tag v1.2.0',
			'branch main',
			'immutable releases',
			'pages',
			'environment npm',
			'environment release-approval',
			'npm: greet',
			'npm: trusted publisher of greet',
			'apt: signing key',
			'clock',
		]),
	);
	expect(github.requests.filter(({ effect }) => effect === 'change')).toEqual([]);
});

const CASES: readonly [string, string, () => void | Promise<void>][] = [
	[
		'nothing protects the tags',
		'warning TAG_UNPROTECTED',
		() => void github.repository().state.rulesets.splice(0),
	],
	[
		'the default branch is open',
		'warning BRANCH_UNPROTECTED',
		() => github.repository().state.protections.clear(),
	],
	[
		'every branch may use the environment',
		'warning ENVIRONMENT_OPEN',
		() => {
			github.repository().state.environments.splice(0, 1);
			github.repository().addEnvironment({ name: 'npm' });
		},
	],
	[
		'no tag may use the environment',
		'error ENVIRONMENT_CLOSED',
		() => {
			github.repository().state.environments.splice(0, 1);
			github.repository().addEnvironment({ name: 'npm', branchPolicy: 'protected' });
		},
	],
	[
		'branches alone may use the environment',
		'error ENVIRONMENT_CLOSED',
		() => {
			github.repository().state.environments.splice(0, 1);
			const policies = [{ id: 1, name: 'main', type: 'branch' as const }];
			github.repository().addEnvironment({ name: 'npm', branchPolicy: 'custom', policies });
		},
	],
	[
		'reviewers stand before every job that writes to npm',
		'warning ENVIRONMENT_REVIEWED',
		() => {
			github.repository().state.environments.splice(0, 1);
			github.repository().addEnvironment({
				name: 'npm',
				branchPolicy: 'custom',
				policies: [{ id: 1, name: 'v*', type: 'tag' }],
				reviewers: [{ type: 'User', login: 'ada' }],
			});
		},
	],
	[
		'nobody would be asked',
		'error ENVIRONMENT_UNREVIEWED',
		() => void github.repository().state.environments.splice(1, 1),
	],
	[
		'the environment is missing',
		'warning ENVIRONMENT_MISSING',
		() => void github.repository().state.environments.splice(0, 1),
	],
	[
		'releases can be changed',
		'warning RELEASES_MUTABLE',
		() => void Object.assign(github.repository().state.settings, { immutableReleases: false }),
	],
	[
		'workflows may write by default',
		'warning TOKEN_DEFAULT_WRITE',
		() => void Object.assign(github.repository().state.settings, { defaultPermissions: 'write' }),
	],
	[
		'no site is switched on',
		'warning PAGES_MISSING',
		() => void Object.assign(github.repository().state.settings, { pages: null }),
	],
	[
		'the registry knows no such publisher',
		'error NPM_OIDC_FAILED',
		() => void Object.assign(npm, { exchange: 404 }),
	],
	['the version is out', 'warning VERSION_TAKEN', () => void Object.assign(npm, { published: true })],
	[
		'a lasting token is within reach',
		'warning PUBLISH_TOKEN_VISIBLE',
		() => void Object.assign(environment, { NODE_AUTH_TOKEN: 'npm_secret' }),
	],
	[
		'package.json names another repository',
		'error REPOSITORY_MISMATCH',
		() => writeProject({ repository: 'github:ada/other' }),
	],
	['the clock is wrong', 'error CLOCK_WRONG', () => void Object.assign(npm, { skewMs: 60_000 })],
	[
		'no key is set',
		'unknown SIGNING_KEY_ABSENT',
		() => void Object.assign(environment, { APT_SIGNING_KEY: undefined }),
	],
	[
		'the key is none',
		'error APT_KEY_INVALID',
		() => void Object.assign(environment, { APT_SIGNING_KEY: 'no key' }),
	],
	[
		'the token is none',
		'unknown DOCTOR_UNREADABLE',
		() => void Object.assign(environment, { GITHUB_TOKEN: 'ghs_wrong' }),
	],
	['nothing answers at apt', 'warning APT_SERVER_UNREACHABLE', () => apt.close()],
	['the services are away', 'warning SERVICE_UNREACHABLE', () => services.close()],
	[
		'the caller grants too little',
		'error CALLER_PERMISSIONS_TOO_FEW',
		async () => {
			const file = join(root, '.github', 'workflows', 'release.yml');
			const text = await readFile(file, 'utf8');
			await writeFile(file, text.replace(/^ +id-token: write.*\n/gm, ''));
		},
	],
];

/** In `npm test` one of each kind: a rule, an environment, a token, a file, a server that is away. */
const BRIEF: readonly string[] = [
	'TAG_UNPROTECTED',
	'ENVIRONMENT_MISSING',
	'NPM_OIDC_FAILED',
	'DOCTOR_UNREADABLE',
	'PERMISSIONS',
	'SERVICE',
];

test.each(CASES.filter(([, code]) => isWhole() || BRIEF.some((word) => code.includes(word))))(
	'%s: %s',
	async (_name, code, change) => {
		await writeProject();
		protect();
		await change();
		const diagnosis = await look();
		expect(toCodes(diagnosis)).toContain(code);
		const found = diagnosis.observations.filter((one) => `${one.verdict} ${one.code}` === code);
		for (const { message, action } of found) expect([message, action]).not.toContain('');
		for (const { action } of found) expect(action?.length).toBeGreaterThan(15);
		const text = toDoctorText(diagnosis, (_style, text) => text);
		expect(text).not.toMatch(/npm_secret|ghs_wrong|npm_exchanged|PRIVATE KEY/);
	},
	900_000,
);

test('what to register is said to the letter, also where nobody can ask', async () => {
	await writeProject();
	environment.ACTIONS_ID_TOKEN_REQUEST_URL = undefined;
	const { observations } = await look();
	const trust = observations.find(({ about }) => about === 'npm: trusted publisher of greet');
	expect(trust).toMatchObject({ verdict: 'unknown', code: 'PUBLISHER_UNREGISTERED' });
	expect(trust?.action).toContain(
		'organization or user acme; repository greet; workflow filename release.yml; environment npm;',
	);
});
