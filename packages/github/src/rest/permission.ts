/** Parts of paths and the permission of a workflow's token that they need (REST reference, "Permissions required"). */
const SCOPES: readonly (readonly [part: RegExp, scope: string])[] = [
	[/\/attestations(\/|$)/, 'attestations'],
	[/\/(issues|labels|milestones)(\/|$)/, 'issues'],
	[/\/pulls(\/|$)/, 'pull-requests'],
	[/\/pages(\/|$)/, 'pages'],
	[/\/deployments(\/|$)/, 'deployments'],
	[/\/(actions|environments)(\/|$)/, 'actions'],
	[/\/immutable-releases$|\/actions\/permissions/, 'administration'],
];

/** `contents=write; workflows=write` of the header, else by the path. */
export const toNeededPermission = (
	accepted: string | null,
	{ method, path }: { readonly method: string; readonly path: string },
): string => {
	const [, scope, right] = /^\s*([a-z_]+)=(read|write|admin)/.exec(accepted ?? '') ?? [];
	if (scope && right) return `${scope.replaceAll('_', '-')}: ${right}`;
	const found = SCOPES.find(([part]) => part.test(path))?.[1] ?? 'contents';
	return `${found}: ${method === 'GET' || method === 'HEAD' ? 'read' : 'write'}`;
};
