/** A command that the runner executed from a step's log, with its properties and unescaped text. */
export interface ExecutedCommand {
	readonly command: string;
	readonly properties: Readonly<Record<string, string>>;
	readonly message: string;
}

const toUnescaped = (text: string): string =>
	text
		.replaceAll('%0D', '\r')
		.replaceAll('%0A', '\n')
		.replaceAll('%3A', ':')
		.replaceAll('%2C', ',')
		.replaceAll('%25', '%');

const toProperties = (text: string): Record<string, string> =>
	Object.fromEntries(
		text
			.split(',')
			.filter((pair) => pair.includes('='))
			.map((pair) => [
				pair.slice(0, pair.indexOf('=')).trim(),
				toUnescaped(pair.slice(pair.indexOf('=') + 1)),
			]),
	);

/** `::command key=value::message` at the start of a line, or the older `##[command]message` anywhere in it. */
const parseCommand = (line: string): ExecutedCommand | undefined => {
	const found = /^\s*::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
	if (found)
		return {
			command: found[1] ?? '',
			properties: toProperties(found[2] ?? ''),
			message: toUnescaped(found[3] ?? ''),
		};
	const old = /##\[([a-z-]+)[^\]]*\](.*)$/.exec(line);
	return old ? { command: old[1] ?? '', properties: {}, message: toUnescaped(old[2] ?? '') } : undefined;
};

/** Reads a log as the runner does (ActionCommandManager.cs): nothing between stop-commands and its token is executed. */
export const readCommands = (log: string): ExecutedCommand[] => {
	const executed: ExecutedCommand[] = [];
	let stopToken: string | undefined;
	for (const line of log.split(/\r?\n/)) {
		if (stopToken !== undefined) {
			if (line.trim() === `::${stopToken}::`) stopToken = undefined;
			continue;
		}
		const command = parseCommand(line);
		if (command?.command === 'stop-commands') stopToken = command.message;
		else if (command) executed.push(command);
	}
	return executed;
};

/** Reads GITHUB_OUTPUT and its like: `name=value` lines and `name<<delimiter` blocks (FileCommandManager.cs). */
export const readKeyValues = (text: string): Record<string, string> => {
	const values: Record<string, string> = {};
	const lines = text.split(/\r?\n/);
	while (lines.length > 0) {
		const line = lines.shift() ?? '';
		if (line === '') continue;
		const [, name = '', separator, rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
		if (!separator) throw new Error(`not a file command: ${line}`);
		if (separator === '=') values[name] = rest;
		else {
			const end = lines.indexOf(rest);
			if (end < 0) throw new Error(`no end of ${name}`);
			values[name] = lines
				.splice(0, end + 1)
				.slice(0, -1)
				.join('\n');
		}
	}
	return values;
};
