import type { LocalGitHub } from './index.ts';

export interface Told {
	readonly status: number;
	readonly headers: Headers;
	readonly json: ReturnType<typeof JSON.parse>;
}

export type Ask = (on: string, body?: object, token?: string | null) => Promise<Told>;

/** `METHOD path below the repository`, with the token of the server unless another (null: none) is given. */
export const toAsk =
	({ origin, token: own }: LocalGitHub, repository = 'acme/greet'): Ask =>
	async (on, body, token = own) => {
		const [method = 'GET', path = ''] = on.split(' ');
		const address = path.startsWith('/') ? `${origin}${path}` : `${origin}/repos/${repository}/${path}`;
		const reply = await fetch(address.replace(/\/$/, ''), {
			method,
			redirect: 'manual',
			headers: token === null ? {} : { authorization: `Bearer ${token}` },
			...(body && { body: JSON.stringify(body) }),
		});
		const text = await reply.text();
		return {
			status: reply.status,
			headers: reply.headers,
			json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
		};
	};

/** Sends the bytes of an asset to the address that the release names. */
export const uploadAsset = async (
	uploadUrl: string,
	name: string,
	{ token }: LocalGitHub,
	bytes = 'bytes',
): Promise<Told> => {
	const address = `${uploadUrl.replace(/\{.*$/, '')}?name=${encodeURIComponent(name)}`;
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
	const reply = await fetch(address, { method: 'POST', headers, body: bytes });
	const text = await reply.text();
	return { status: reply.status, headers: reply.headers, json: text === '' ? undefined : JSON.parse(text) };
};
