import type { Ending } from './execute.ts';
import type { Command } from './scenario.ts';

const OPERATIONS = ['release', 'continue', 'abort', 'rollback', 'restore'] as const;

/** The first command that a text names, as its reader would type it; undefined: it names none that changes anything. */
export const toCommand = (text: string): Command | undefined => {
	for (const [, name, version = '', rest = ''] of text.matchAll(/slipway (\w+) (\d+\.\d+\.\d+)([^`;.]*)/g)) {
		const operation = OPERATIONS.find((known) => known === name);
		if (operation) return { operation, version, repoint: rest.includes('--repoint') };
	}
	return undefined;
};

/** What whoever reads an ending does then. */
export type Advice =
	/** Nothing is left to do. */
	| { readonly kind: 'done'; readonly state: string }
	/** Try the same once more, later. */
	| { readonly kind: 'again' }
	/** Type another command; `thenAgain`: and the own one after it. */
	| { readonly kind: 'go on'; readonly command: Command; readonly thenAgain: boolean }
	/** A record of the journal cannot be read: remove it, as the hint says. */
	| { readonly kind: 'remove'; readonly path: string };

const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'ABORTED', 'ROLLED_BACK']);

/** What the words of a refusal say that time can heal. */
const HEALS = /UNREACHABLE|CLOCK|NOT_VISIBLE|LOST/;

const toRefused = (text: string, hint: string): Advice => {
	const command = toCommand(hint);
	// "Finish it first", "Haul it back instead".
	if (command && command.operation !== 'restore') return { kind: 'go on', command, thenAgain: false };
	if (/Release the next version|Bring it back/.test(hint)) return { kind: 'done', state: 'REFUSED' };
	return HEALS.test(text) ? { kind: 'again' } : { kind: 'done', state: 'REFUSED' };
};

const toAdviceOfError = ({ code, message, hint }: Extract<Ending, { kind: 'error' }>): Advice => {
	switch (code) {
		case 'FENCE_HELD': {
			const command = toCommand(hint);
			return command ? { kind: 'go on', command, thenAgain: true } : { kind: 'again' };
		}
		case 'OPERATION_REFUSED':
			return toRefused(message, hint);
		case 'PLAN_REFUSED':
			return HEALS.test(message) ? { kind: 'again' } : { kind: 'done', state: 'REFUSED' };
		case 'PLAN_MISSING':
			return { kind: 'done', state: 'UNRECORDED' };
		case 'JOURNAL_CORRUPT':
			return { kind: 'remove', path: /cannot read (\S+) of the journal/.exec(message)?.[1] ?? '' };
		default:
			return { kind: 'again' };
	}
};

export const toAdvice = (ending: Ending): Advice => {
	if (ending.kind === 'killed') return { kind: 'again' };
	if (ending.kind === 'error') return toAdviceOfError(ending);
	const { state, next } = ending.report;
	if (FINAL.has(state)) return { kind: 'done', state };
	if (next === null) return { kind: 'done', state: 'STUCK' };
	const command = toCommand(next);
	return command ? { kind: 'go on', command, thenAgain: false } : { kind: 'done', state };
};
