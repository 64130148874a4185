import { createHash } from 'node:crypto';
import type { Call } from '../server/call.ts';

/** A stable number for an account's name. */
const toAccountId = (login: string): number =>
	createHash('sha256').update(login.toLowerCase()).digest().readUInt32BE(0) >>> 4;

/** An account as it stands in other resources. */
export const toUser = (login: string, { origin }: Pick<Call, 'origin'>) => ({
	login,
	id: toAccountId(login),
	node_id: Buffer.from(`User:${login}`).toString('base64'),
	avatar_url: `${origin}/avatars/${encodeURIComponent(login)}`,
	url: `${origin}/users/${encodeURIComponent(login)}`,
	html_url: `${origin}/${encodeURIComponent(login)}`,
	type: login.endsWith('[bot]') ? 'Bot' : 'User',
	site_admin: false,
});
