/** What a caller must grant each reusable workflow: the union over the jobs of it and of those it calls. */
export const CALL_PERMISSIONS = {
	release: {
		contents: 'write',
		'id-token': 'write',
		attestations: 'write',
		actions: 'read',
		issues: 'write',
	},
	continue: { contents: 'write', 'id-token': 'write', actions: 'read', issues: 'write' },
	rollback: { contents: 'write', 'id-token': 'write', issues: 'write' },
	check: { contents: 'read' },
	watch: { contents: 'read', issues: 'write' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
