/** What a plan found that stands against a release, or that people should know. */
export interface PreviewFinding {
	readonly target: string;
	readonly severity: 'error' | 'warning';
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

/** A place that a release would go to, and how it behaves. */
export interface PreviewTarget {
	readonly id: string;
	readonly description: string;
	/** One short phrase each. */
	readonly traits: readonly string[];
}

/** A pointer that a release would move. */
export interface PreviewMove {
	readonly target: string;
	/** Package URL without version. */
	readonly subject: string;
	readonly version: string;
	/** `hides`: bytes lie there before anybody resolves them by default. */
	readonly mode: { readonly name: string; readonly hides: boolean };
	readonly pointer: string;
	/** null: the pointer does not exist yet. */
	readonly from: string | null;
	readonly to: string;
	/** Names of artifacts. */
	readonly artifacts: readonly string[];
}

export type FileChange = 'added' | 'changed' | 'removed' | 'same';

/** A file in an artifact; sizes in bytes, null: it is not there in that version. */
export interface PreviewFile {
	readonly path: string;
	readonly change: FileChange;
	readonly size: number | null;
	readonly before: number | null;
}

/** What would be published, compared with what users get today; sizes in bytes. */
export interface PreviewArtifact {
	readonly name: string;
	readonly size: number;
	readonly sha256: string;
	readonly targets: readonly string[];
	/** null: nothing is published of it, or it could not be read (`note` says so). */
	readonly before: { readonly version: string; readonly size: number; readonly from: string } | null;
	readonly note: string | null;
	readonly files: readonly PreviewFile[];
}

/** What a gate said. */
export interface PreviewGate {
	readonly id: string;
	readonly verdict: 'pass' | 'warn' | 'fail' | 'skipped';
	/** Findings that were accepted by the policy or in an emergency. */
	readonly accepted: number;
	readonly notes: readonly string[];
	readonly findings: readonly {
		readonly id: string;
		readonly severity: 'error' | 'warning' | 'note';
		readonly message: string;
		readonly hint: string;
	}[];
}

/** The rights that the caller of a reusable workflow has to grant it, and why. */
export interface PreviewPermissions {
	readonly workflow: string;
	readonly scopes: readonly { readonly scope: string; readonly access: string }[];
}

/** What a release would do, target by target. Nothing in it was changed anywhere. */
export interface PlanPreview {
	readonly project: string;
	readonly version: string;
	/** fail: a release would be refused. */
	readonly verdict: 'pass' | 'warn' | 'fail';
	readonly commit: string | null;
	readonly policy: { readonly sha256: string; readonly from: string } | null;
	readonly targets: readonly PreviewTarget[];
	/** In the order in which they would be exposed. Empty where the plan is refused. */
	readonly moves: readonly PreviewMove[];
	readonly artifacts: readonly PreviewArtifact[];
	readonly gates: readonly PreviewGate[];
	readonly permissions: readonly PreviewPermissions[];
	readonly findings: readonly PreviewFinding[];
}
