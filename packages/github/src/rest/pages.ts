import * as v from 'valibot';
import type { RestReply } from './reply.ts';
import type { GitHubRest } from './rest.ts';

/** The API gives no more than 10,000 of anything. */
const MAX_PAGES = 100;

const LINK = /<([^<>]{1,2000})>\s*;\s*rel="next"/;

/** The path of the next page, only where it lies in the same API. */
const toNext = ({ origins }: GitHubRest, headers: Headers): string | undefined => {
	const [, address] = LINK.exec(headers.get('link') ?? '') ?? [];
	if (address === undefined || !URL.canParse(address)) return undefined;
	const { origin, pathname, search } = new URL(address);
	if (origin !== origins.api || !pathname.startsWith(`${origins.basePath}/`)) return undefined;
	return pathname.slice(origins.basePath.length) + search;
};

/** A list that comes in pages. */
export interface PagedRequest<Item extends v.GenericSchema> {
	/** With a query of its own or none; `per_page` is added. */
	readonly path: string;
	readonly item: Item;
	/** Where the API puts the list into an object: its key. */
	readonly key?: string;
	/** Items a page; fewer where one is large. Default 100. */
	readonly perPage?: number;
	/** Default 100 pages. */
	readonly maxPages?: number;
}

const toPageSchema = <Item extends v.GenericSchema>({ item, key }: PagedRequest<Item>) => {
	const list = v.array(item);
	if (key === undefined) return list;
	return v.pipe(
		v.object({ [key]: list }),
		v.transform((page) => page[key] as v.InferOutput<Item>[]),
	);
};

/**
 * All items of a list, page by page. One page that cannot be had makes the whole unknown: what was seen of a list says
 * nothing about what is missing from it.
 */
export const readPages = async <Item extends v.GenericSchema>(
	rest: GitHubRest,
	request: PagedRequest<Item>,
): Promise<RestReply<readonly v.InferOutput<Item>[]>> => {
	const schema = toPageSchema(request) as v.GenericSchema<unknown, v.InferOutput<Item>[]>;
	const items: v.InferOutput<Item>[] = [];
	let path: string | undefined =
		`${request.path}${request.path.includes('?') ? '&' : '?'}per_page=${request.perPage ?? 100}`;
	for (let page = 1; path !== undefined; page += 1) {
		const reply: RestReply<v.InferOutput<Item>[]> = await rest.send({ path, schema });
		if (reply.kind !== 'ok') return reply;
		items.push(...reply.value);
		path = page < (request.maxPages ?? MAX_PAGES) ? toNext(rest, reply.headers) : undefined;
		if (path === undefined) return { ...reply, value: items };
	}
	throw new Error('a list has a first page');
};
