import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@slipway/process';
import { describeWith } from '@slipway/testing';
import { openPolicy } from './policy.ts';
import { openProject } from './project.ts';

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'policy-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...path: string[]): string => join(root, ...path);
const environment = () => ({ PATH: process.env.PATH, HOME: root });

const git = async (folder: string, ...args: string[]): Promise<string> => {
	const identity = [
		'-c',
		'user.name=Ada',
		'-c',
		'user.email=ada@example.org',
		'-c',
		'init.defaultBranch=main',
	];
	const { code, stdout, stderr } = await run(['git', ...identity, '-C', folder, ...args], {
		cwd: root,
		environment: environment(),
	});
	if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
	return stdout.trim();
};

const write = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
};

const CONFIG = 'project: demo\nversion: 1.0.0\n';
const STRICT = 'policy: 1\nprotected: required\n';
const WEAK = 'policy: 1\ngates: {malware: {level: off}}\n';

const open = async (folder: string, options: { file?: string; configFile?: string } = {}) =>
	openPolicy(
		await openProject({ folder, configFile: options.configFile, environment: environment() }),
		options,
	);

/** What the protected branch holds, and a clone of it. */
const clone = async (files: Readonly<Record<string, string>>, ...options: string[]): Promise<string> => {
	await mkdir(at('origin'));
	await git(at('origin'), 'init', '--quiet');
	await write(at('origin'), files);
	await git(at('origin'), 'add', '.');
	await git(at('origin'), 'commit', '--quiet', '-m', 'first');
	await git(root, 'clone', '--quiet', ...options, at('origin'), at('clone'));
	return at('clone');
};

/** As actions/checkout leaves it: one ref, fetched by its commit, and no remote HEAD. */
const checkout = async (files: Readonly<Record<string, string>>): Promise<string> => {
	await clone(files);
	const commit = await git(at('origin'), 'rev-parse', 'HEAD');
	await mkdir(at('checkout'));
	await git(at('checkout'), 'init', '--quiet');
	await git(at('checkout'), 'remote', 'add', 'origin', at('origin'));
	await git(at('checkout'), 'fetch', '--quiet', '--depth=1', 'origin', `+${commit}:refs/tags/v1.0.0`);
	await git(at('checkout'), 'checkout', '--quiet', 'refs/tags/v1.0.0');
	return at('checkout');
};

describe('without a clone', () => {
	beforeEach(() => write(at('plain'), { 'slipway.yml': CONFIG }));

	test('a project without a policy has none', async () => {
		expect(await open(at('plain'))).toBeUndefined();
	});

	test('the one in the folder is taken, with a warning and the digest of its bytes', async () => {
		await write(at('plain'), { 'slipway.policy.yml': WEAK });
		expect(await open(at('plain'))).toMatchObject({
			from: 'slipway.policy.yml',
			isProtected: false,
			digest: { sha256: createHash('sha256').update(WEAK).digest('hex') },
			findings: [{ severity: 'warning', code: 'POLICY_UNPROTECTED' }],
		});
	});

	test('one that demands a protected ref is refused', async () => {
		await write(at('plain'), { 'slipway.policy.yml': STRICT });
		await expect(open(at('plain'))).rejects.toMatchObject({ code: 'POLICY_UNPROTECTED' });
	});

	test('one that slipway.yml names has to be there', async () => {
		await write(at('plain'), { 'slipway.yml': `${CONFIG}policy: rules/release.yml\n` });
		await expect(open(at('plain'))).rejects.toMatchObject({ code: 'POLICY_MISSING' });
		await write(at('plain'), { 'rules/release.yml': WEAK });
		expect(await open(at('plain'))).toMatchObject({ from: 'rules/release.yml' });
	});

	test('one named by hand wins, without a warning, even where it demands a protected ref', async () => {
		await write(root, { 'mine.yml': STRICT });
		await write(at('plain'), { 'slipway.policy.yml': WEAK });
		const opened = await open(at('plain'), { file: at('mine.yml') });
		expect(opened).toMatchObject({ from: at('mine.yml'), isProtected: true, findings: [] });
		await expect(open(at('plain'), { file: at('none.yml') })).rejects.toMatchObject({
			code: 'POLICY_MISSING',
		});
	});

	test('documents lie beside it, and a missing one is refused', async () => {
		await write(at('plain'), { 'slipway.policy.yml': 'policy: 1\nvex: [security/vex.json]\n' });
		await expect(open(at('plain'))).rejects.toMatchObject({ code: 'POLICY_MISSING' });
		await write(at('plain'), { 'security/vex.json': '{}' });
		const opened = await open(at('plain'));
		expect(Buffer.from(opened?.documents.get('security/vex.json') ?? []).toString()).toBe('{}');
	});

	test('one that is no policy is refused as such', async () => {
		await write(at('plain'), { 'slipway.policy.yml': 'signers: *x' });
		await expect(open(at('plain'))).rejects.toMatchObject({ code: 'POLICY_INVALID' });
	});
});

describeWith('git', 'a clone with a remote', () => {
	test('its protected branch decides, whatever the tree holds', async () => {
		const folder = await clone({ 'slipway.yml': CONFIG, 'slipway.policy.yml': STRICT });
		const commit = await git(folder, 'rev-parse', 'HEAD');
		await write(folder, { 'slipway.policy.yml': WEAK });
		await git(folder, 'commit', '--quiet', '-am', 'weaker');
		expect(await open(folder)).toMatchObject({
			policy: { protected: 'required' },
			from: `slipway.policy.yml of origin/main at ${commit.slice(0, 12)}`,
			digest: { sha256: createHash('sha256').update(STRICT).digest('hex') },
			isProtected: true,
			findings: [],
		});
	});

	test('a tree that has lost its policy still has it', async () => {
		const folder = await clone({ 'slipway.yml': CONFIG, 'slipway.policy.yml': STRICT });
		await rm(join(folder, 'slipway.policy.yml'));
		expect(await open(folder)).toMatchObject({ policy: { protected: 'required' } });
	});

	test('a tree that names a weaker one is told so, and does not get it', async () => {
		const folder = await clone({
			'slipway.yml': CONFIG,
			'slipway.policy.yml': STRICT,
			'test/weak.yml': WEAK,
		});
		await write(folder, { 'slipway.yml': `${CONFIG}policy: test/weak.yml\n` });
		expect(await open(folder)).toMatchObject({
			policy: { protected: 'required' },
			findings: [{ severity: 'warning', code: 'POLICY_PATH_DIFFERS' }],
		});
	});

	test('a policy in the tree alone is refused, none at all is none', async () => {
		const folder = await clone({ 'slipway.yml': CONFIG });
		expect(await open(folder)).toBeUndefined();
		await write(folder, { 'slipway.policy.yml': WEAK });
		await expect(open(folder)).rejects.toMatchObject({ code: 'POLICY_UNPROTECTED' });
	});

	test('a project below the root, with documents from the branch and not from the tree', async () => {
		const folder = await clone({
			'tools/greet/slipway.yml': `${CONFIG}policy: rules/p.yml\n`,
			'tools/greet/rules/p.yml': 'policy: 1\nvex: [vex.json]\n',
			'tools/greet/rules/vex.json': 'of the branch',
		});
		await write(folder, { 'tools/greet/rules/vex.json': 'of the tree' });
		const opened = await open(join(folder, 'tools/greet'));
		expect(opened?.from).toMatch(/^tools\/greet\/rules\/p\.yml of origin\/main at /);
		expect(Buffer.from(opened?.documents.get('vex.json') ?? []).toString()).toBe('of the branch');
	});

	test('a path that leads out of the repository finds nothing', async () => {
		const folder = await clone({ 'slipway.yml': `${CONFIG}policy: ../p.yml\n` });
		await write(root, { 'p.yml': WEAK });
		await expect(open(folder)).rejects.toMatchObject({ code: 'POLICY_MISSING' });
	});

	test('a checkout of one tag fetches the branch, and stays as it was', async () => {
		const folder = await checkout({ 'slipway.yml': CONFIG, 'slipway.policy.yml': STRICT });
		const before = await git(folder, 'for-each-ref');
		await write(folder, { 'slipway.policy.yml': WEAK });
		expect(await open(folder)).toMatchObject({
			policy: { protected: 'required' },
			from: expect.stringMatching(/^slipway\.policy\.yml of origin\/HEAD at [0-9a-f]{12}$/),
		});
		expect(await git(folder, 'for-each-ref')).toBe(before);
	});

	test('a remote that does not answer is no reason to stop a project without a policy', async () => {
		const folder = await checkout({ 'slipway.yml': CONFIG });
		await rm(at('origin'), { recursive: true });
		expect(await open(folder)).toBeUndefined();
	});

	test('a remote that does not answer is no reason to take what lies here', async () => {
		const folder = await checkout({ 'slipway.yml': CONFIG, 'slipway.policy.yml': STRICT });
		await rm(at('origin'), { recursive: true });
		await expect(open(folder)).rejects.toMatchObject({ code: 'POLICY_REF_UNREADABLE' });
	});

	test('a folder that the clone does not know is a project of its own', async () => {
		const folder = await clone({ 'slipway.yml': CONFIG, '.gitignore': 'out/\n' });
		await write(join(folder, 'out/copy'), { 'slipway.yml': CONFIG, 'slipway.policy.yml': WEAK });
		expect(await open(join(folder, 'out/copy'))).toMatchObject({
			from: 'slipway.policy.yml',
			isProtected: false,
		});
	});

	test('a clone without a remote takes the one in the folder, with a warning', async () => {
		const folder = await clone({ 'slipway.yml': CONFIG, 'slipway.policy.yml': WEAK });
		await git(folder, 'remote', 'remove', 'origin');
		expect(await open(folder)).toMatchObject({ findings: [{ code: 'POLICY_UNPROTECTED' }] });
	});

	test('a filter that the tree asks for does not touch the bytes of the policy', async () => {
		const folder = await clone({
			'slipway.yml': CONFIG,
			'slipway.policy.yml': STRICT,
			'.gitattributes': '*.yml filter=evil diff=evil\n',
		});
		for (const key of ['filter.evil.smudge', 'diff.evil.textconv', 'core.fsmonitor'])
			await git(folder, 'config', key, `touch ${at('ran')}; cat`);
		await open(folder);
		await expect(rm(at('ran'))).rejects.toMatchObject({ code: 'ENOENT' });
	});
});
