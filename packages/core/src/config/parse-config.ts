import { parseYaml } from '../yaml/parse-yaml.ts';
import { Config } from './config.ts';

export type ConfigCode = 'CONFIG_INVALID' | 'CONFIG_TOO_LARGE';

/**
 * Reads slipway.yml: YAML 1.2 core schema without anchors, aliases, tags, merge keys or duplicate keys.
 * Reports every problem at once, each with line and column, unknown keys with the nearest known one.
 * @throws SlipwayError CONFIG_INVALID, CONFIG_TOO_LARGE
 */
export const parseConfig = (source: string | Uint8Array, file = 'slipway.yml'): Config =>
	parseYaml(source, {
		schema: Config,
		file,
		codes: { invalid: 'CONFIG_INVALID', tooLarge: 'CONFIG_TOO_LARGE' } satisfies Record<string, ConfigCode>,
		hint: `Correct ${file}; its first line can name slipway.schema.json, with which editors check it while you type.`,
	});
