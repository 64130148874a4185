// Issues and comments of one repository, as the REST API has them: just enough for what is said there.
import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';

export interface SpokenIssue {
	number: number;
	title: string;
	body: string;
	state: string;
	labels: readonly string[];
	html_url: string;
	user: { login: string };
}

export interface SpokenComment {
	id: number;
	issue: number;
	body: string;
	html_url: string;
	user: { login: string };
}

/** What a test may look at and set. */
export interface TalkingGitHub {
	readonly issues: SpokenIssue[];
	readonly comments: SpokenComment[];
	readonly requests: string[];
	/** Rights of the token; without one every write is refused as GitHub refuses it. */
	mayWrite: boolean;
	readonly environment: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

const BOT = { login: 'github-actions[bot]' };

interface Call {
	readonly method: string;
	readonly path: string;
	readonly body: { title?: string; body?: string; state?: string; labels?: readonly string[] };
}

type Reply = readonly [status: number, body: unknown];

const toReply = (github: TalkingGitHub, { method, path, body }: Call): Reply => {
	const { issues, comments } = github;
	if (method !== 'GET' && !github.mayWrite)
		return [403, { message: 'Resource not accessible by integration' }];
	const [, issue, rest = ''] = /\/issues\/(\d+)(\/comments)?$/.exec(path) ?? [];
	const found = issues.find(({ number }) => number === Number(issue));
	if (path.endsWith('/issues') && method === 'GET')
		return [200, issues.filter(({ state }) => state === 'open')];
	if (path.endsWith('/issues')) {
		const number = issues.length + 1;
		const html_url = `https://github.com/acme/greet/issues/${number}`;
		const { title = '', labels = [] } = body;
		issues.push({ number, title, labels, body: body.body ?? '', state: 'open', html_url, user: BOT });
		return [201, issues.at(-1)];
	}
	if (rest && method === 'GET') return [200, comments.filter((comment) => comment.issue === Number(issue))];
	if (rest) {
		const id = comments.length + 1;
		const html_url = `https://github.com/acme/greet/issues/${issue}#issuecomment-${id}`;
		comments.push({ id, issue: Number(issue), body: body.body ?? '', html_url, user: BOT });
		return [201, comments.at(-1)];
	}
	if (found && method === 'PATCH') return [200, Object.assign(found, body)];
	const [, comment] = /\/issues\/comments\/(\d+)$/.exec(path) ?? [];
	const spoken = comments.find(({ id }) => id === Number(comment));
	if (spoken && method === 'PATCH') return [200, Object.assign(spoken, body)];
	return [404, { message: 'Not Found' }];
};

export const startTalkingGitHub = async (): Promise<TalkingGitHub> => {
	let server: LoopbackServer | undefined;
	const handler: Handler = async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const { method = '', url = '' } = request;
		github.requests.push(`${method} ${url}`);
		const text = Buffer.concat(chunks).toString();
		const [status, body] = toReply(github, {
			method,
			path: url.split('?', 1)[0] ?? '',
			body: text === '' ? {} : JSON.parse(text),
		});
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	};
	server = await serveLoopback(handler);
	const github: TalkingGitHub = {
		issues: [],
		comments: [],
		requests: [],
		mayWrite: true,
		environment: {
			GITHUB_API_URL: server.origin,
			GITHUB_SERVER_URL: 'https://github.com',
			GITHUB_REPOSITORY: 'acme/greet',
			GITHUB_RUN_ID: '42',
			GITHUB_TOKEN: 'a-token-that-is-long-enough',
			GITHUB_WORKFLOW: 'Release',
		},
		stop: async () => server?.close(),
	};
	return github;
};
