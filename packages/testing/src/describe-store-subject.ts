import type { Store, StoredFile } from '@slipway/store';

/** A fresh, empty store, and how another process opens the same one. */
export interface StoreSubject {
	readonly store: Store;
	/** How: `opener` is exported by the module (a file: URL) and takes the argument. */
	readonly module: string;
	readonly opener: string;
	readonly argument: string;
	/** A write takes long (tens of milliseconds): its races have fewer rounds. */
	readonly isSlow?: boolean;
	remove(): Promise<void>;
}

/** One property of the contract: throws when the store does not have it. */
export interface StoreCheck {
	readonly name: string;
	readonly check: (subject: StoreSubject) => Promise<void>;
}

export const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const toText = (file: StoredFile | null): string | null =>
	file && new TextDecoder().decode(file.bytes);

const RUNNER = new URL('./describe-store-writer.ts', import.meta.url).href;

/**
 * Arguments for node: a process of its own that opens the same store, prints `ready`, waits for a line on its standard
 * input and does one task of describe-store-writer.ts.
 */
export const toWriterArguments = (
	{ module, opener, argument }: Pick<StoreSubject, 'module' | 'opener' | 'argument'>,
	task: readonly string[],
): readonly string[] => [
	'--no-warnings',
	'--input-type=module',
	'--eval',
	[
		`import { ${opener} as open } from ${JSON.stringify(module)};`,
		`import { runStoreWriter } from ${JSON.stringify(RUNNER)};`,
		`await runStoreWriter(open(${JSON.stringify(argument)}), ${JSON.stringify(task)});`,
	].join('\n'),
];
