export {
	type AptTarget,
	Command,
	Config,
	type NpmTarget,
	type SignConfig,
	type StoreLocation,
	type TargetConfig,
} from './config.ts';
export { DebPackage } from './deb-package.ts';
export { type ConfigCode, parseConfig } from './parse-config.ts';
