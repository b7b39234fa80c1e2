// What the decision editor ships without types.
declare module "dmn-js/lib/Modeler" { const made: new (how: object) => unknown; export default made; }
declare module "dmn-js/lib/NavigatedViewer" { const made: new (how: object) => unknown; export default made; }
