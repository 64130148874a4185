import type { GitHubRequest } from './exchange.ts';

export interface Page<Item> {
	readonly items: readonly Item[];
	/** `link`, where there are other pages. */
	readonly headers: Readonly<Record<string, string>>;
}

const toNumber = (text: string | null, fallback: number, max: number): number => {
	const number = Number(text ?? fallback);
	return Number.isInteger(number) && number > 0 ? Math.min(number, max) : fallback;
};

const DEFAULT_SIZE = 30;
const MAX_SIZE = 100;

/** One page of a list and the way to the others (RFC 8288), as GitHub numbers them. */
export const toPage = <Item>(
	all: readonly Item[],
	{ target, query }: GitHubRequest,
	origin: string,
	defaultSize = DEFAULT_SIZE,
): Page<Item> => {
	const size = query.has('per_page') ? toNumber(query.get('per_page'), DEFAULT_SIZE, MAX_SIZE) : defaultSize;
	const page = toNumber(query.get('page'), 1, Number.MAX_SAFE_INTEGER);
	const last = Math.max(1, Math.ceil(all.length / size));
	const toLink = (number: number, relation: string): string => {
		const url = new URL(target, origin);
		url.searchParams.set('page', String(number));
		return `<${url}>; rel="${relation}"`;
	};
	const links = [
		...(page > 1 ? [toLink(page - 1, 'prev')] : []),
		...(page < last ? [toLink(page + 1, 'next'), toLink(last, 'last')] : []),
		...(page > 1 ? [toLink(1, 'first')] : []),
	];
	const items = all.slice((page - 1) * size, page * size);
	return { items, headers: links.length > 0 ? { link: links.join(', ') } : {} };
};
