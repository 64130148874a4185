import { readFileSync } from 'node:fs';
import { isMap, isScalar, parseDocument } from 'yaml';

/** The comments behind the scopes of one job, or of all: what each right is for. */
export const readReasons = (path: string, job?: string): ReadonlyMap<string, string> => {
	const jobs = parseDocument(readFileSync(path, 'utf8')).get('jobs');
	const reasons = new Map<string, Set<string>>();
	for (const item of isMap(jobs) ? jobs.items : []) {
		const permissions = isMap(item.value) ? item.value.get('permissions') : undefined;
		if (!isMap(permissions) || (job !== undefined && String(item.key) !== job)) continue;
		for (const { key, value } of permissions.items) {
			const right = `${key}: ${value}`;
			const said = isScalar(value) ? (value.comment?.trim().split(', ') ?? []) : [];
			reasons.set(right, new Set([...(reasons.get(right) ?? []), ...said]));
		}
	}
	return new Map([...reasons].map(([right, said]) => [right, [...said].join(', ')]));
};
