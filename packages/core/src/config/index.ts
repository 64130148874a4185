export { Command, Config } from './config.ts';
export { DebPackage } from './deb-package.ts';
export { type ConfigCode, parseConfig } from './parse-config.ts';
export type { SignConfig } from './sign.ts';
export type { AptTarget, GithubTarget, NpmTarget, StoreLocation, TargetConfig } from './targets.ts';
