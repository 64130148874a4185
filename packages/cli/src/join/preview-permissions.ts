import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SlipwayError, toMessage } from '@slipway/core';
import type { PreviewFinding, PreviewPermissions } from '@slipway/report';
import type { WorkflowFile } from '@slipway/workflow';
import type { OpenProject } from './project.ts';
import { readPlainFile } from './read-plain-file.ts';

const FOLDER = '.github/workflows';
/** The one that a release goes through. */
const RELEASE = `${FOLDER}/release.yml`;
const MAX_FILES = 200;

/** The folder of the repository: the nearest one that git knows; the project's own without git. */
const findTop = (start: string): string => {
	for (let folder = resolve(start); ; folder = dirname(folder)) {
		if (existsSync(join(folder, '.git'))) return folder;
		if (folder === dirname(folder)) return resolve(start);
	}
};

/** The workflow files of the repository that the project lies in, by name; at most 200. */
export const readWorkflows = async (project: OpenProject): Promise<WorkflowFile[]> => {
	const folder = join(findTop(project.folder), ...FOLDER.split('/'));
	const names = await readdir(folder).catch(() => []);
	const wanted = names.filter((name) => /\.ya?ml$/.test(name)).sort();
	return Promise.all(
		wanted
			.slice(0, MAX_FILES)
			.map(async (name) => ({ path: `${FOLDER}/${name}`, text: await readPlainFile(join(folder, name)) })),
	);
};

/** What a caller grants, as it stands in the tree, and what a release through the reusable workflows needs. */
export interface CallerPreview {
	readonly permissions: readonly PreviewPermissions[];
	readonly findings: readonly PreviewFinding[];
}

const toUnread = (thrown: unknown): PreviewFinding => ({
	target: 'workflows',
	severity: 'warning',
	code: thrown instanceof SlipwayError ? thrown.code : 'CALLER_UNREADABLE',
	message: `the workflow files were not checked: ${toMessage(thrown)}`,
	hint: `Make every file of ${FOLDER} a plain, readable one.`,
});

/** Looks at the workflow files of the repository, without a network: what they call, with which rights. */
export const previewCaller = async (project: OpenProject): Promise<CallerPreview> => {
	const { checkCaller, LIBRARY } = await import('@slipway/workflow');
	const required = LIBRARY.workflows[RELEASE]?.permissions;
	const scopes = Object.entries(required ?? {}).map(([scope, access]) => ({ scope, access }));
	const permissions = scopes.length > 0 ? [{ workflow: 'release.yml', scopes }] : [];
	try {
		const found = checkCaller(await readWorkflows(project), LIBRARY);
		const findings = found.map(({ file, place, message, ...finding }) => ({
			...finding,
			target: 'workflows',
			message: `${file}, ${place}: ${message}`,
		}));
		return { permissions, findings };
	} catch (thrown) {
		return { permissions, findings: [toUnread(thrown)] };
	}
};
