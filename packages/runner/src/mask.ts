import type { ActionDeclaration, Environment } from './declaration.ts';
import { listSecretInputs } from './read-inputs.ts';
import { toWorkflowCommand } from './workflow-command.ts';

const isSecretName = (name: string): boolean =>
	/(TOKEN|PASSPHRASE|PASSWORD|SECRET|PRIVATE_KEY|SIGNING_KEY)$/.test(name);

/** Masking a short or everyday word would blank out half of the log. */
const isMaskable = (value: string): boolean => value.length >= 8 && value.trim() !== '';

/** Secrets among inputs and variables: declared ones, those named like one, and armored private keys. */
export const listSecrets = (declaration: ActionDeclaration, environment: Environment): string[] => {
	const named = Object.entries(environment).flatMap(([name, value = '']) =>
		(isSecretName(name) && isMaskable(value)) || /^-----BEGIN [A-Z ]*PRIVATE/.test(value) ? [value] : [],
	);
	return [...new Set([...listSecretInputs(declaration, environment), ...named])];
};

/**
 * The commands that mask a secret: the whole text, and each of its lines, since logs are masked line by line.
 */
export const toMaskCommands = (secret: string): string[] =>
	[...new Set([secret, ...secret.split(/\r?\n/).filter((line) => isMaskable(line.trim()))])].map((text) =>
		toWorkflowCommand('add-mask', text),
	);
