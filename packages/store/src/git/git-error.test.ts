import { isLostRace, isRefusedUnsent, toGitError } from './git-error.ts';

const toError = (output: string, verb: 'read' | 'write' = 'write') =>
	toGitError({ verb, store: 'branch slipway', output });

/** As git and servers print them. */
test.each([
	["fatal: unable to access 'https://h/x/': The requested URL returned error: 403", 'STORE_FORBIDDEN'],
	["fatal: could not read Username for 'https://h': terminal prompts disabled", 'STORE_FORBIDDEN'],
	[
		"remote: Permission to a/b.git denied to github-actions[bot].\nfatal: unable to access 'https://h/': The requested URL returned error: 403",
		'STORE_FORBIDDEN',
	],
	['git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'STORE_FORBIDDEN'],
	["remote: Repository not found.\nfatal: repository 'https://h/x/' not found", 'STORE_NOT_FOUND'],
	[
		"fatal: '/x' does not appear to be a git repository\nfatal: Could not read from remote repository.",
		'STORE_NOT_FOUND',
	],
	[
		'remote: error: GH006: Protected branch update failed for refs/heads/x.\n ! [remote rejected] (protected branch hook declined)',
		'STORE_PROTECTED',
	],
	['remote: error: GH013: Repository rule violations found for refs/heads/x.', 'STORE_PROTECTED'],
	["fatal: unable to access 'https://h/': Could not resolve host: h", 'STORE_UNREACHABLE'],
	["fatal: unable to access 'https://h/': The requested URL returned error: 503", 'STORE_UNREACHABLE'],
	['error: RPC failed; curl 56 Recv failure: Connection reset by peer', 'STORE_UNREACHABLE'],
	['fatal: the remote end hung up unexpectedly', 'STORE_UNREACHABLE'],
	['error: insufficient permission for adding an object to repository database ./objects', 'STORE_READ_ONLY'],
	[
		"error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'",
		'STORE_WRITE_FAILED',
	],
	['', 'STORE_WRITE_FAILED'],
	["fatal: sha1 file '/t/tmp_pack_x' write error. Out of diskspace", 'STORE_WRITE_FAILED'],
	['remote: fatal: write error: No space left on device\nerror: remote unpack failed', 'STORE_WRITE_FAILED'],
	["fatal: unable to access 'https://h/': The requested URL returned error: 413", 'STORE_TOO_LARGE'],
	[
		"remote: error: GH001: Large files detected.\nremote: error: File a.deb is 161.50 MB; this exceeds GitHub's file size limit of 100.00 MB\n ! [remote rejected] c -> x (pre-receive hook declined)",
		'STORE_TOO_LARGE',
	],
	["remote: this exceeds GitHub's file size limit of 100.00 MB", 'STORE_TOO_LARGE'],
	['fatal: write error: Out of disk space', 'STORE_WRITE_FAILED'],
	['remote: Permission to a/b.git denied to someone.', 'STORE_FORBIDDEN'],
	['error: The requested URL returned error: 503', 'STORE_UNREACHABLE'],
	['error: The requested URL returned error: 429', 'STORE_UNREACHABLE'],
	[`GH006${'x'.repeat(10_000)}`, 'STORE_WRITE_FAILED'],
])('%s is %s', (output, code) => {
	const error = toError(output);
	expect(error.code).toBe(code);
	expect(error.hint).not.toBe('');
});

test.each([
	['! [rejected] c -> x (fetch first)', true],
	['! [rejected] c -> x (non-fast-forward)', true],
	["! [remote rejected] c -> x (cannot lock ref 'refs/heads/x': is at a but expected b)", true],
	['! [remote rejected] c -> x (failed to update ref)', true],
	['! [remote rejected] c -> x (incorrect old value provided)', true],
	["fatal: Unable to create '/r/refs/heads/x.lock': File exists.", true],
	['! [remote rejected] c -> x (remote ref refs/heads/x has changed)', true],
	["error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'", false],
	['! [remote rejected] c -> x (protected branch hook declined)', false],
])('%s: a lost race: %s', (output, expected) => {
	expect(isLostRace(output)).toBe(expected);
});

test('a cause is told once, without advice, without control characters, and not without end', () => {
	const { message } = toError(
		`To https://h/x\nfatal: no\nremote: no\nhint: try\n\u001b[31mred ${'x'.repeat(5_000)}`,
	);
	expect(message).toContain('got: no; ');
	for (const text of ['hint', '\u001b', 'To https']) expect(message).not.toContain(text);
	expect(message.length).toBeLessThan(800);
});

test.each([
	['remote:  error:  no\nfatal:no', 'no'],
	['it said fatal: no', 'it said fatal: no'],
	['  one  \n\n two\nremote: \nremote: three', 'one; two; remote: three'],
	['Done\nDone deal\nTo x\nPush To x\nhint: try\na hint', 'Done deal; Push To x; a hint'],
	['', 'no word from git'],
])('of %j the cause is %j', (output, cause) => {
	expect(toError(output).message).toBe(`branch slipway: expected to write it, got: ${cause}`);
});

test('what nobody knows is told with what git said, by what was tried', () => {
	const cause = new Error('exit code 1');
	for (const [verb, code] of [
		['read', 'STORE_UNREADABLE'],
		['write', 'STORE_WRITE_FAILED'],
	] as const) {
		const error = toGitError({ verb, store: 'branch slipway', output: 'fatal: odd', cause });
		expect(error).toMatchObject({ code, cause, hint: expect.stringContaining('Look at what git says') });
	}
	expect(toError('GH006').hint).toContain('ruleset');
	for (const full of ['Out of diskspace', 'Out of disk space'])
		expect(toError(full, 'read').code).toBe('STORE_WRITE_FAILED');
});

test('a megabyte of output is judged at once', () => {
	const start = process.threadCpuUsage();
	for (const text of ['permission to ', 'repository ', "unable to create '", 'remote ref ', 'a'])
		toError(text.repeat(1_000_000 / text.length));
	for (const text of ['permission to ', 'repository ', "unable to create '", 'remote ref '])
		isLostRace(text.repeat(1_000_000 / text.length));
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(2_000);
});

test.each([
	['!\tc:refs/heads/x\t[rejected] (fetch first)', true],
	['!\tc:refs/heads/x\t[rejected] (stale info)', true],
	['!\tc:refs/heads/x\t[remote rejected] (failed to update ref)', false],
	['!\tc:refs/heads/x\t[remote failure] (remote failed to report status)', false],
	['error: RPC failed; HTTP 503', false],
	['', false],
])('%j: nothing was sent: %s', (output, expected) => {
	expect(isRefusedUnsent(output)).toBe(expected);
});
