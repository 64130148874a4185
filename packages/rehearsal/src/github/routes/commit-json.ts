import type { Commit, Person } from '../git/backend.ts';
import { type Call, toBase, toTime, toWeb } from '../server/call.ts';
import { toUser } from './users.ts';

export const toPersonJson = ({ name, email, date }: Person) => ({
	name,
	email,
	date: toTime(Date.parse(date)),
});

/** An account is known by an address of its own: `12345+login@users.noreply…` or `login@…`. */
const toAccount = ({ email }: Person, call: Call) => {
	const login = email.split('@')[0]?.replace(/^\d+\+/, '');
	return login ? toUser(login, call) : null;
};

export const toCommitJson = (commit: Commit, call: Call) => {
	const { sha, tree, parents, message, author, committer } = commit;
	const url = `${toBase(call)}/commits/${sha}`;
	return {
		url,
		sha,
		node_id: Buffer.from(sha).toString('base64'),
		html_url: `${toWeb(call)}/commit/${sha}`,
		commit: {
			url: `${toBase(call)}/git/commits/${sha}`,
			author: toPersonJson(author),
			committer: toPersonJson(committer),
			message,
			tree: { sha: tree, url: `${toBase(call)}/git/trees/${tree}` },
			verification: { verified: false, reason: 'unsigned', signature: null, payload: null },
		},
		author: toAccount(author, call),
		committer: toAccount(committer, call),
		parents: parents.map((parent) => ({ sha: parent, url: `${toBase(call)}/commits/${parent}` })),
	};
};
