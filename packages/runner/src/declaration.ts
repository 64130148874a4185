/**
 * One input as the code reads it. Defaults are written once, in action.yml.
 * - string: undefined when empty, unless `required`. `secret`: masked before anything is printed.
 * - boolean: `true` or `false`. list: one entry a line. choice: one of `values`.
 * - version: of a release, also as its tag (`v1.2.0`, `refs/tags/v1.2.0`); read as `1.2.0`. undefined when empty, unless `required`.
 */
export type InputDeclaration =
	| { readonly kind: 'string'; readonly required?: boolean; readonly secret?: boolean }
	| { readonly kind: 'version'; readonly required?: boolean }
	| { readonly kind: 'boolean' }
	| { readonly kind: 'list' }
	| { readonly kind: 'choice'; readonly values: readonly string[] };

/** What action.yml, the README's tables and the code of one action agree on. */
export interface ActionDeclaration {
	readonly inputs: Readonly<Record<string, InputDeclaration>>;
	readonly outputs: readonly string[];
	/** Changes what users get, so that it refuses to run for code that nobody has reviewed. */
	readonly releases: boolean;
	/** May end with the release HELD for a later step; a subject with a problem is a failure all the same. */
	readonly leaves?: boolean;
}

type InputValue<D extends InputDeclaration> = D extends { kind: 'boolean' }
	? boolean
	: D extends { kind: 'list' }
		? readonly string[]
		: D extends { kind: 'choice'; values: readonly (infer Value)[] }
			? Value
			: D extends { kind: 'string' | 'version'; required: true }
				? string
				: string | undefined;

/** The inputs of an action by their names in action.yml. */
export type Inputs<D extends ActionDeclaration> = {
	readonly [Name in keyof D['inputs']]: InputValue<D['inputs'][Name]>;
};

/** Every declared output; undefined: not set by this run. */
export type Outputs<D extends ActionDeclaration> = {
	readonly [Name in D['outputs'][number]]: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;
