import { type GitHubReply, type GitHubRequest, toEmptyReply } from '../server/exchange.ts';
import type { GitRoot } from './open-git.ts';
import { type Git, readGit } from './run-git.ts';

/** What a request to `/OWNER/NAME.git/…` is for. */
export interface GitAsked {
	/** `OWNER/NAME`. */
	readonly fullName: string;
	/** After `.git`. */
	readonly rest: string;
	readonly isPush: boolean;
}

/** Recognises a request of git's smart protocol (gitprotocol-http); undefined: another path. */
export const toGitAsked = ({ segments, query }: GitHubRequest): GitAsked | undefined => {
	const [owner, name, ...rest] = segments;
	if (!owner || !name?.endsWith('.git')) return undefined;
	const path = rest.join('/');
	return {
		fullName: `${owner}/${name.slice(0, -'.git'.length)}`,
		rest: path,
		isPush: path === 'git-receive-pack' || query.get('service') === 'git-receive-pack',
	};
};

/** Head and body of a CGI reply (RFC 3875, 6). */
const parseCgi = (bytes: Buffer): GitHubReply => {
	const end = bytes.indexOf('\r\n\r\n');
	const lines = bytes.subarray(0, end).toString('latin1').split('\r\n');
	const headers = Object.fromEntries(
		lines.map((line) => line.toLowerCase().split(/: (.*)/s) as [string, string]),
	);
	const { status = '200', ...others } = headers;
	return { status: Number.parseInt(status, 10), headers: others, body: bytes.subarray(end + 4) };
};

const toVariable = (value: string | string[] | undefined): string | undefined =>
	Array.isArray(value) ? value[0] : value;

interface Serving extends Pick<GitRoot, 'environment' | 'execPath' | 'capabilities'> {
	readonly root: string;
	/** Who sends; undefined: nobody known, who may only fetch. */
	readonly login: string | undefined;
}

const isAboutCapabilities = ({ headers, query }: GitHubRequest, { rest }: GitAsked): boolean =>
	rest === 'info/refs' &&
	query.get('service') === 'git-upload-pack' &&
	toVariable(headers['git-protocol']) === 'version=2';

/** Lets git itself answer; what it says of a repository before anything is asked of it is said again without it. */
export const serveGit = async (
	request: GitHubRequest,
	asked: GitAsked,
	serving: Serving,
): Promise<GitHubReply> => {
	if (!isAboutCapabilities(request, asked)) return runBackend(request, asked, serving);
	const known = serving.capabilities.get(asked.fullName);
	if (known) return known;
	const reply = await runBackend(request, asked, serving);
	if (reply.status === 200) serving.capabilities.set(asked.fullName, reply);
	return reply;
};

/** `git http-backend` as a CGI program. */
const runBackend = async (
	{ method, headers, body, query }: GitHubRequest,
	{ fullName, rest }: GitAsked,
	{ root, environment, execPath, login }: Serving,
): Promise<GitHubReply> => {
	const git: Git = {
		folder: root,
		environment: {
			...environment,
			GIT_PROJECT_ROOT: root,
			GIT_HTTP_EXPORT_ALL: '1',
			PATH_INFO: `/${fullName}.git/${rest}`,
			REQUEST_METHOD: method,
			QUERY_STRING: query.toString(),
			CONTENT_TYPE: toVariable(headers['content-type']),
			CONTENT_LENGTH: String(body.length),
			HTTP_CONTENT_ENCODING: toVariable(headers['content-encoding']),
			GIT_PROTOCOL: toVariable(headers['git-protocol']),
			REMOTE_ADDR: '127.0.0.1',
			...(login !== undefined && { REMOTE_USER: login }),
		},
	};
	const { bytes } = await readGit(git, [`${await execPath()}/git-http-backend`], body);
	return bytes.length === 0 ? toEmptyReply(500) : parseCgi(bytes);
};
