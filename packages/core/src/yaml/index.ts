export { parseYaml, type YamlDocument } from './parse-yaml.ts';
