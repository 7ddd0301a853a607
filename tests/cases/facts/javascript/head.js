'use strict';
const { Cents } = require('./money');
const cp = require(`child_process`);
import fs from 'fs';

class Cart {
  static limit = 20;
  #secret = 1;
  add(item, count) { this.items.push(item); }
}

function pay(id) {
  return chain
    .first(id)
    .eval(id);
}
function hidden() { cp.exec('ls'); }
exports.refund = refund;
const refund = function (id) { return pay(-id); };
module.exports = { Cart, charge: pay };
exports.cancel = (id, sum) => go(id, sum);
module.exports.Till = class { open() { ring(); } };
other.thing = function () {};
