/** What a request asks of the registry. Names are decoded; `@scope%2fname` and `@scope/name` are the same. */
export type Route =
	| { readonly kind: 'packument' | 'publish' | 'stage' | 'exchange' | 'dist-tags'; readonly name: string }
	| { readonly kind: 'version' | 'attestations'; readonly name: string; readonly version: string }
	| { readonly kind: 'dist-tag'; readonly name: string; readonly tag: string }
	| { readonly kind: 'tarball'; readonly name: string; readonly file: string }
	| { readonly kind: 'staged'; readonly id: string; readonly action: string | undefined }
	| { readonly kind: 'stage-list' | 'keys' | 'other' };

/** Takes a package name off the front of decoded path segments. */
const takeName = ([first = '', second = '', ...rest]: readonly string[]): {
	readonly name: string;
	readonly rest: readonly string[];
} =>
	first.startsWith('@') && !first.includes('/')
		? { name: `${first}/${second}`, rest }
		: { name: first, rest: second === '' && rest.length === 0 ? [] : [second, ...rest] };

const toServiceRoute = (method: string, segments: readonly string[]): Route => {
	const path = segments.join('/');
	if (path === 'npm/v1/keys' && method === 'GET') return { kind: 'keys' };
	if (path === 'stage') return { kind: 'stage-list' };
	if (segments[0] === 'stage' && segments[1] === 'package' && method === 'POST')
		return { kind: 'stage', name: takeName(segments.slice(2)).name };
	if (segments[0] === 'stage' && segments[1]) return { kind: 'staged', id: segments[1], action: segments[2] };
	if (path.startsWith('npm/v1/oidc/token/exchange/package/'))
		return { kind: 'exchange', name: takeName(segments.slice(6)).name };
	if (path.startsWith('npm/v1/attestations/')) {
		const spec = segments.slice(3).join('/');
		const at = spec.lastIndexOf('@');
		return { kind: 'attestations', name: spec.slice(0, at), version: spec.slice(at + 1) };
	}
	if (segments[0] === 'package') {
		const { name, rest } = takeName(segments.slice(1));
		if (rest[0] === 'dist-tags' && rest[1]) return { kind: 'dist-tag', name, tag: rest[1] };
		if (rest[0] === 'dist-tags') return { kind: 'dist-tags', name };
	}
	return { kind: 'other' };
};

const decode = (segment: string): string => {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
};

/** Recognises a request of the registry's protocol by its method and path. */
export const toRoute = (method: string, pathname: string): Route => {
	const segments = pathname.slice(1).split('/').map(decode);
	if (segments[0] === '-') return toServiceRoute(method, segments.slice(1));
	const { name, rest } = takeName(segments);
	if (name === '') return { kind: 'other' };
	if (rest.length === 0) return { kind: method === 'PUT' ? 'publish' : 'packument', name };
	if (rest[0] === '-' && rest[1]) return { kind: 'tarball', name, file: rest.slice(1).join('/') };
	if (rest.length === 1 && rest[0] && method === 'GET') return { kind: 'version', name, version: rest[0] };
	return { kind: 'other' };
};
