import { toPrintable } from '@slipway/core';
import { parseYaml } from '@slipway/core/yaml';
import type { WorkflowCode } from './code.ts';
import { Document } from './document.ts';
import { toWorkflow } from './to-workflow.ts';
import type { Workflow } from './workflow.ts';

const CODES: Readonly<Record<'invalid' | 'tooLarge', WorkflowCode>> = {
	invalid: 'WORKFLOW_INVALID',
	tooLarge: 'WORKFLOW_TOO_LARGE',
};

/**
 * Reads a workflow file under the limits of every YAML that we read: 128 KiB, no anchors, aliases, tags, merge keys or
 * duplicate keys. Keys of GitHub's syntax that neither calls nor rights depend on are let through unread.
 * @param path where the file lies in its repository, with `/`
 * @throws SlipwayError WORKFLOW_INVALID (all problems at once, with line and column), WORKFLOW_TOO_LARGE
 */
export const parseWorkflow = (source: string | Uint8Array, path: string): Workflow => {
	const file = toPrintable(path, 300);
	const document = parseYaml(source, {
		schema: Document,
		file,
		codes: CODES,
		hint: `Correct ${file}; GitHub's syntax of workflows is what it has to follow, without anchors and tags.`,
	});
	return toWorkflow(document, path);
};
