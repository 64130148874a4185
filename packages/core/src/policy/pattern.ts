import { type CharTest, type PatternNode, parsePatternSyntax } from './pattern-syntax.ts';

/** Matches whole texts, in time linear in the length of the text. */
export type PatternMatcher = (text: string) => boolean;

/** Longest text that is matched, in UTF-16 code units; a longer one never matches. */
export const MAX_PATTERN_INPUT = 2048;
const MAX_STATES = 4000;

/** A state of the automaton: reads one character and goes on, or goes on to several states without reading. */
type State =
	| { readonly kind: 'read'; readonly test: CharTest; readonly next: number }
	| { readonly kind: 'split'; readonly next: number[] };

type Fragment = { readonly start: number; readonly end: number };

/**
 * Thompson's construction of an automaton, in which no state is entered twice for one character, whatever the pattern
 * nests.
 */
const createBuilder = () => {
	const states: State[] = [];
	const split = (...next: number[]): number => {
		if (states.length >= MAX_STATES) throw new SyntaxError('it repeats too much');
		return states.push({ kind: 'split', next }) - 1;
	};
	const link = (from: number, to: number): void => {
		const state = states[from];
		if (state?.kind === 'split') state.next.push(to);
	};
	const buildAfter = (before: number, node: PatternNode): number => {
		const inner = build(node);
		link(before, inner.start);
		return inner.end;
	};
	const buildChoice = (items: readonly PatternNode[]): Fragment => {
		const [start, end] = [split(), split()];
		for (const item of items) link(buildAfter(start, item), end);
		return { start, end };
	};
	const buildRepeat = ({ item, min, max }: PatternNode & { kind: 'repeat' }): Fragment => {
		const start = split();
		let end = start;
		for (let count = 0; count < min; count += 1) end = buildAfter(end, item);
		const exit = split();
		link(end, exit);
		if (max === Infinity) link(buildAfter(exit, item), exit);
		for (let count = min; count < max && max !== Infinity; count += 1) {
			end = buildAfter(end, item);
			link(end, exit);
		}
		return { start, end: exit };
	};
	const build = (node: PatternNode): Fragment => {
		if (node.kind === 'choice') return buildChoice(node.items);
		if (node.kind === 'repeat') return buildRepeat(node);
		if (node.kind === 'sequence') {
			const start = split();
			return { start, end: node.items.reduce(buildAfter, start) };
		}
		const end = split();
		return { start: states.push({ kind: 'read', test: node.test, next: end }) - 1, end };
	};
	return { states, build };
};

/** Adds a state and all that it leads to without reading, each once; `seen` holds the step at which it was added. */
const add = (
	states: readonly State[],
	into: number[],
	seen: Int32Array,
	from: number,
	step: number,
): void => {
	const open = [from];
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		if (seen[at] === step) continue;
		seen[at] = step;
		into.push(at);
		const state = states[at];
		if (state?.kind === 'split') open.push(...state.next);
	}
};

/**
 * Compiles a pattern of a policy. It is anchored at both ends.
 * @throws SyntaxError with what is not allowed
 */
export const toPatternMatcher = (pattern: string): PatternMatcher => {
	const { states, build } = createBuilder();
	const { start, end } = build(parsePatternSyntax(pattern));
	return (text) => {
		if (text.length > MAX_PATTERN_INPUT) return false;
		const seen = new Int32Array(states.length);
		let current: number[] = [];
		add(states, current, seen, start, 1);
		for (let index = 0; index < text.length && current.length > 0; index += 1) {
			const next: number[] = [];
			for (const at of current) {
				const state = states[at];
				if (state?.kind === 'read' && state.test(text.charCodeAt(index)))
					add(states, next, seen, state.next, index + 2);
			}
			current = next;
		}
		return current.includes(end);
	};
};

/** What is wrong with a pattern; undefined when it can be used. */
export const findPatternProblem = (pattern: string): string | undefined => {
	try {
		toPatternMatcher(pattern);
		return undefined;
	} catch (problem) {
		return problem instanceof Error ? problem.message : String(problem);
	}
};
