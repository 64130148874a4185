import type { Services } from '../services/start-services.ts';

/** What a fault can hit: one project's release, seen from outside. */
export interface FaultTarget {
	readonly services: Services;
	/** npm names that are released. */
	readonly npmNames: readonly string[];
	/** Folders of the project's apt repositories: on disk, and as paths of the apt server. */
	readonly repositories: readonly {
		readonly folder: string;
		readonly prefix: string;
		readonly suites: readonly string[];
	}[];
	/** Repositories at GitHub (`OWNER/NAME`). */
	readonly releases: readonly string[];
	/** SIGKILL for the process that releases. */
	kill(): void;
	/** Stops that process for good right before it renames a file to this name, then calls back. */
	hold(fileName: string, onHeld: () => void): void;
	/** Says what was done, for the report. */
	note(text: string): void;
	/** Aborted when the faulty run has ended. */
	readonly signal: AbortSignal;
}

/** A fault that can be asked for by name. */
export interface FaultDefinition {
	readonly name: string;
	readonly description: string;
	/** Prepares it before the release starts; it strikes by itself. */
	arm(target: FaultTarget): void;
}
