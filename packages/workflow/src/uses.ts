/** What a `uses:` refers to. */
export type Uses =
	/** `$/path` and `./path`: a file of the repository that the workflow itself is from. */
	| { readonly kind: 'own'; readonly path: string }
	| { readonly kind: 'remote'; readonly repository: string; readonly path: string; readonly ref?: string }
	| { readonly kind: 'image'; readonly image: string };

/** Takes a `uses:` apart; whatever is neither an own path nor an image is OWNER/REPO[/PATH][@REF]. */
export const parseUses = (text: string): Uses => {
	if (/^[$.]\//.test(text)) return { kind: 'own', path: text.slice(2).replace(/^\/+/, '') };
	if (text.startsWith('docker://')) return { kind: 'image', image: text.slice('docker://'.length) };
	const at = text.indexOf('@');
	const [owner = '', name = '', ...path] = (at < 0 ? text : text.slice(0, at)).split('/');
	const place = { kind: 'remote', repository: `${owner}/${name}`, path: path.join('/') } as const;
	return at < 0 ? place : { ...place, ref: text.slice(at + 1) };
};

/** How firmly a ref names one state of a repository. */
export type Pin = 'commit' | 'tag' | 'branch' | 'none';

/** A tag is told from a branch by its name alone: v1, v1.2.0, 1.2.0, refs/tags/anything. */
export const toPin = (ref: string | undefined): Pin => {
	if (ref === undefined || ref === '') return 'none';
	if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)) return 'commit';
	return /^(refs\/tags\/.+|v?\d+(\.\d+){0,2}([-+.].*)?)$/.test(ref) ? 'tag' : 'branch';
};
