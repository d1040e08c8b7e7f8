/** The stubbed sender that all measured apps share: it keeps the code, and an answer's header brings it. */

/** `send` keeps a code under a number; `carry` is middleware that tells it in `X-Code`. */
export function postBox() {
  const codes = new Map();
  return {
    send: (phone, code) => {
      codes.set(phone, code);
    },
    carry: (req, res, next) => {
      const phone = req.headers["x-phone"];
      const { writeHead } = res;
      res.writeHead = (...given) => {
        const code = codes.get(phone);
        if (code !== undefined) {
          codes.delete(phone);
          res.setHeader("X-Code", code);
        }
        return Reflect.apply(writeHead, res, given);
      };
      next();
    },
  };
}
