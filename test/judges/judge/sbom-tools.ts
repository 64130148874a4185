import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PYTHON_COMMANDS } from '../../../scripts/judges/python-tools.ts';
import { toBinPath } from '../../../scripts/judges/stamp.ts';
import type { Finding } from '../trial.ts';
import { ask } from './ask.ts';

export type LookAt = (file: string) => Promise<Finding>;

/** ntia-conformance-checker: has the document the NTIA minimum elements? */
export const askNtia: LookAt = (file) => {
	const options = { cwd: dirname(file) };
	return ask([PYTHON_COMMANDS.sbomcheck, '--comply', 'ntia', '--output', 'print', file], options);
};

/** The SPDX project's own Python tools: is it a valid SPDX 2.3 document? */
export const askSpdxTools: LookAt = (file) =>
	ask([join(dirname(PYTHON_COMMANDS.sbomcheck), 'pyspdxtools'), '--infile', file], { cwd: dirname(file) });

/** syft: can it read the document and write it in another format? */
export const askSyft: LookAt = (file) =>
	ask([toBinPath('syft'), 'convert', file, '--output', 'syft-json=/dev/null'], { cwd: dirname(file) });

/** Names of the components for which ntia-conformance-checker finds no supplier. */
export const readMissingSuppliers = async (file: string): Promise<readonly string[]> => {
	const report = `${file}.ntia.json`;
	await ask([PYTHON_COMMANDS.sbomcheck, '--output', 'json', '--output-file', report, file], {
		cwd: dirname(file),
	});
	return JSON.parse(readFileSync(report, 'utf8')).componentSuppliers.nonconformantComponents;
};
