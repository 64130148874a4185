import type { Answer, Route } from './call.ts';
import type { Level, Right, Scope } from './rights.ts';

const toRight = (scope: Scope, level: Level, isPublic: boolean): Right => ({ scope, level, isPublic });

/** What everybody may read of a public repository. */
export const open = (scope: Scope): Right => toRight(scope, 'read', true);
/** Reading that takes a token even for a public repository. */
export const read = (scope: Scope): Right => toRight(scope, 'read', false);
export const write = (scope: Scope): Right => toRight(scope, 'write', false);

interface Routed {
	readonly right: Right;
	readonly answer: Answer;
	readonly isRead?: boolean;
}

/** A route below `/repos/{owner}/{repo}`; `on` is its method and path there, for example `GET releases/{id}`. */
export const route = (on: string, right: Right, answer: Answer, isRead?: boolean): Route =>
	toRoute(on.replace(/^(\w+) ?/, '$1 repos/{owner}/{repo}/').replace(/\/$/, ''), { right, answer, isRead });

/** A route anywhere. */
export const toRoute = (
	on: string,
	{ right, answer, isRead }: Omit<Routed, 'isRead'> & { readonly isRead?: boolean | undefined },
): Route => {
	const [method = 'GET', path = ''] = on.split(' ');
	return {
		method,
		path: path.split('/'),
		right,
		answer,
		isRead: isRead ?? (method === 'GET' || method === 'HEAD'),
	};
};

const PLACEHOLDER = /^\{(\w+)(\+?)\}$/;

/** The placeholders' values; undefined: another route's path. */
const match = (
	path: readonly string[],
	segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
	const params: Record<string, string> = {};
	for (const [index, part] of path.entries()) {
		const segment = segments[index];
		const [, name, rest] = PLACEHOLDER.exec(part) ?? [];
		if (segment === undefined || (name === undefined && part !== segment)) return undefined;
		if (name === undefined) continue;
		if (rest) return { ...params, [name]: segments.slice(index).join('/') };
		params[name] = segment;
	}
	return path.length === segments.length ? params : undefined;
};

export interface Found {
	readonly route: Route;
	readonly params: Readonly<Record<string, string>>;
}

/** The first route of a table that takes this request; HEAD is answered as GET. */
export const findRoute = (
	routes: readonly Route[],
	{ method, segments }: { readonly method: string; readonly segments: readonly string[] },
): Found | undefined => {
	const wanted = method === 'HEAD' ? 'GET' : method;
	for (const each of routes) {
		const params = each.method === wanted ? match(each.path, segments) : undefined;
		if (params) return { route: each, params };
	}
	return undefined;
};
