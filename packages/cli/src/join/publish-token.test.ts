import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testContext } from '@slipway/testing';
import { openProject } from './project.ts';
import { verifyNoToken } from './publish-token.ts';
import { releaseOpened } from './release.ts';

const TOKEN = 'npm_0123456789';
const IDENTITY = {
	ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/?',
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
};

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'publish-token-'));
	await writeFile(join(folder, 'package.json'), '{"name":"greet","version":"1.0.0"}');
});
afterEach(() => rm(folder, { recursive: true }));

const look = async (
	environment: Readonly<Record<string, string>>,
	{ npmrc = '', config = 'targets: {npm: {type: npm}}' }: { npmrc?: string; config?: string } = {},
): Promise<string> => {
	await writeFile(join(folder, '.npmrc'), npmrc);
	await writeFile(join(folder, 'slipway.yml'), config);
	const project = await openProject({
		folder,
		environment: { GITHUB_ACTIONS: 'true', HOME: folder, ...environment },
	});
	const context = testContext(folder);
	try {
		await verifyNoToken(project, context);
	} catch (thrown) {
		expect(String(thrown)).not.toContain(TOKEN);
		return (thrown as { code: string }).code;
	}
	return context.lines.some((line) => line.startsWith('warning')) ? 'warning' : 'fine';
};

const HOST_TOKEN = `//registry.example/:_authToken=${TOKEN}\n`;
const AT_HOST = 'targets: {npm: {type: npm, registry: "https://registry.example/"}}';

test.each<[string, string, Readonly<Record<string, string>>, Parameters<typeof look>[1]]>([
	['an identity alone', 'fine', IDENTITY, {}],
	['NODE_AUTH_TOKEN beside it', 'NPM_TOKEN_VISIBLE', { ...IDENTITY, NODE_AUTH_TOKEN: TOKEN }, {}],
	['NPM_TOKEN beside it', 'NPM_TOKEN_VISIBLE', { ...IDENTITY, NPM_TOKEN: TOKEN }, {}],
	['a token in .npmrc', 'NPM_TOKEN_VISIBLE', IDENTITY, { npmrc: HOST_TOKEN, config: AT_HOST }],
	[
		'a token of the registry that .npmrc names',
		'NPM_TOKEN_VISIBLE',
		IDENTITY,
		{ npmrc: `registry=https://registry.example/\n${HOST_TOKEN}` },
	],
	["setup-node's placeholder", 'fine', { ...IDENTITY, NODE_AUTH_TOKEN: 'XXXXX-XXXXX-XXXXX-XXXXX' }, {}],
	[
		'a variable that is not set',
		'fine',
		IDENTITY,
		{ npmrc: '//registry.example/:_authToken=$' + '{NODE_AUTH_TOKEN}\n', config: AT_HOST },
	],
	['a token where no identity can be had', 'warning', { NODE_AUTH_TOKEN: TOKEN }, {}],
	['no npm target', 'fine', { ...IDENTITY, NODE_AUTH_TOKEN: TOKEN }, { config: 'targets: {}' }],
	['a laptop', 'fine', { ...IDENTITY, NODE_AUTH_TOKEN: TOKEN, GITHUB_ACTIONS: '' }, {}],
])('%s: %s', async (_name, expected, environment, files) => {
	expect(await look(environment, files)).toBe(expected);
});

test('the whole release in one step refuses it too, before anything is built', async () => {
	const project = await openProject({
		folder,
		environment: { GITHUB_ACTIONS: 'true', HOME: folder, ...IDENTITY, NODE_AUTH_TOKEN: TOKEN },
	});
	const context = testContext(folder);
	await expect(releaseOpened(project, { run: { key: 'k', actor: 'ada' } }, context)).rejects.toMatchObject({
		code: 'NPM_TOKEN_VISIBLE',
	});
	expect(await readdir(folder)).toEqual(['package.json']);
});
