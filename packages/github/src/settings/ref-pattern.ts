/**
 * Does a ref match a pattern of a ruleset or environment (fnmatch with pathname: `*` and `?` stay within a segment, two
 * stars go over all)? One pass with one place to go back to each: linear in the text for a pattern of fixed stars.
 */
export const matchesRefPattern = (pattern: string, ref: string): boolean => {
	let reachable = new Set([0]);
	const parts = pattern.split(/(\*\*\/?|\*|\?)/).filter((part) => part !== '');
	for (const part of parts) {
		reachable = step(part, ref, reachable);
		if (reachable.size === 0) return false;
	}
	return reachable.has(ref.length);
};

const step = (part: string, ref: string, starts: ReadonlySet<number>): Set<number> => {
	const ends = new Set<number>();
	if (part === '*' || part.startsWith('**')) {
		let isOpen = false;
		for (let at = 0; at <= ref.length; at += 1) {
			isOpen ||= starts.has(at);
			if (isOpen) ends.add(at);
			if (part === '*' && ref[at] === '/') isOpen = false;
		}
		return ends;
	}
	for (const at of starts) {
		if (part === '?' ? at < ref.length && ref[at] !== '/' : ref.startsWith(part, at))
			ends.add(at + (part === '?' ? 1 : part.length));
	}
	return ends;
};
