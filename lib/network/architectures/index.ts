export * from './architectures';
export * from './conv';
export * from './fc';
export { type FamilyMember, type FcFamilyOptions, fcFamily } from './fcFamily';
export type { ModelOptions } from './modelOptions';
export type { Shortcut } from './residual';
export * from './resnet';
export * from './resnet18';
export * from './vgg';
