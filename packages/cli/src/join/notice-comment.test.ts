import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellComment } from './notice-comment.ts';
import { startTalkingGitHub, type TalkingGitHub } from './notice-github.fixture.ts';
import { toContext } from './preview-world.fixture.ts';

let github: TalkingGitHub;
let folder: string;
let pull: number;
beforeEach(async () => {
	github = await startTalkingGitHub();
	pull = github.api.repository().addPull({ title: 'a change' }).number;
	folder = await mkdtemp(join(tmpdir(), 'comment-'));
});
afterEach(async () => {
	await github.stop();
	await rm(folder, { recursive: true, force: true });
});

const OWN = { full_name: 'acme/greet' };
const request = (head: object | null = OWN) => ({
	repository: OWN,
	pull_request: { number: pull, head: { repo: head }, base: { repo: OWN } },
});

const tell = async (page: string | Uint8Array, event: object = request(), name = 'pull_request') => {
	const path = join(folder, 'event.json');
	await writeFile(path, JSON.stringify(event));
	const environment = { ...github.environment, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path };
	return tellComment({ folder, environment }, { page: Buffer.from(page), folder: '.' }, toContext(folder));
};

test('one comment of the pull request, kept up to date', async () => {
	expect(await tell('## first\n')).toMatchObject({ outcome: 'created', number: pull });
	expect(await tell('## first\n')).toMatchObject({ outcome: 'unchanged' });
	expect(await tell('## second\n')).toMatchObject({ outcome: 'updated' });
	expect(github.state.comments.map(({ issue, body }) => [issue, body])).toEqual([
		[pull, '<!-- slipway:plan:root -->\n## second\n'],
	]);
});

test.each([
	['a fork', () => request({ full_name: 'mallory/greet' }), 'pull_request'],
	['a deleted fork', () => request(null), 'pull_request'],
	['an event with all rights', () => request(), 'pull_request_target'],
	['a push', () => ({ repository: OWN }), 'push'],
	[
		'an event of another repository',
		() => ({ ...request(), repository: { full_name: 'mallory/greet' } }),
		'pull_request',
	],
	['a number that is none', () => ({ ...request(), pull_request: { number: '7; id' } }), 'pull_request'],
])('nothing is asked or written for %s', async (_, toEvent, name) => {
	expect(await tell('## page\n', toEvent(), name)).toMatchObject({ outcome: 'none' });
	expect(github.api.requests).toEqual([]);
});

test.each([
	['bytes that are no text', Uint8Array.from([0xff, 0xfe])],
	['control characters', 'a\u0000b'],
	['an escape sequence', 'a\u001b[31mb'],
	['text that runs backwards (H6)', 'a\u202Eb'],
	['more than a comment takes', 'x'.repeat(60_001)],
])('a page that plan did not write is refused: %s', async (_, page) => {
	await expect(tell(page)).rejects.toMatchObject({ code: 'NOTICE_COMMENT_INVALID' });
	expect(github.api.requests).toEqual([]);
});
