import type { Command } from '@slipway/core/config';
import type { TargetType } from '../starters/callers.ts';

/** What a project is written in, as far as its files tell. */
export type Kind = 'npm' | 'go' | 'rust' | 'c' | 'python';

/** One program or tree of files that a Debian package installs. */
export interface InstalledFile {
	readonly source: string;
	readonly target: string;
	readonly mode?: string;
}

/** What a Debian package of the project would be. */
export interface DebFacts {
	readonly name: string;
	/** "all", "native" or a Debian architecture. */
	readonly architecture: string;
	readonly depends: readonly string[];
	readonly files: readonly InstalledFile[];
	readonly links: Readonly<Record<string, string>>;
}

/** How one kind of project is built, and what comes out. */
export interface BuildFacts {
	readonly commands: readonly Command[];
	/** Patterns of ready artifacts. */
	readonly outputs: readonly string[];
	readonly debs: readonly DebFacts[];
	/** Commands that only a Debian package needs, after the others. */
	readonly debCommands: readonly Command[];
	/** What is made where no Debian package is, so that there is something to release. */
	readonly plain?: { readonly commands: readonly Command[]; readonly outputs: readonly string[] } | undefined;
}

/** What the project says about itself. */
export interface Metadata {
	readonly name?: string | undefined;
	readonly version?: string | undefined;
	/** SPDX expression. */
	readonly license?: string | undefined;
	readonly homepage?: string | undefined;
	readonly description?: string | undefined;
	/** `Name <address>` */
	readonly maintainer?: string | undefined;
}

/** Everything that init read from a project, before anything is decided. */
export interface Facts extends BuildFacts {
	readonly kinds: readonly Kind[];
	readonly metadata: Metadata;
	/** What slipway.yml has to say itself, because no package.json says it. */
	readonly identity: { readonly project?: string | undefined; readonly version?: string | undefined };
	/** A package.json that speaks for the project: metadata are read from it at every release. */
	readonly hasManifest: boolean;
	/** That package.json names an author with an address. */
	readonly hasMaintainer: boolean;
	/** Names of the npm packages that can be published. */
	readonly npmNames: readonly string[];
	/** Folders of the packages of a monorepo, as patterns; undefined: the project folder alone. */
	readonly npmPackages: readonly string[] | undefined;
	/** OWNER/REPO on GitHub, by package.json or the clone. */
	readonly repository: string | undefined;
	/** Targets that the files speak for. */
	readonly suggested: readonly TargetType[];
	/** Sentences for the terminal: what was not understood, what only a person can decide. */
	readonly notes: readonly string[];
}
