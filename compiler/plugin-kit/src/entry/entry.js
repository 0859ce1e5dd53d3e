// Written by `flatwright plugin build`: the author's hooks as the component has them.

import { hooks } from './runtime.js';
import * as app from '../../app.js';

export const meta = hooks(app.meta);
export const images = hooks(app.images);
export const sysupdate = hooks(app.sysupdate);
export const kubeadm = hooks(app.kubeadm);
export const policy = hooks(app.policy);
